"""The jobs of GitHub's workflows: their scripts, reusable workflows and actions, and the expressions around them, evaluated for one run."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lakewright.pipelines.reading import read_yaml
from pipelines.steps import Job, Step

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_WORD = re.compile(r"\s*(&&|\|\||==|!=|!|\(|\)|,|'(?:[^']|'')*'|[\w.*-]+(?:\[\d+\])?)")


class UnknownExpressionError(ValueError):
    """Raised for a name that the run has no value for; give it one in the test."""


def evaluate(expression: str, values: Mapping[str, str]) -> Any:
    """Return what an expression is in a run: the operators, `format`, and the functions on the state of the job.

    Raises:
        UnknownExpressionError: A name has no value.
    """
    words = _WORD.findall(expression)
    result = _either(words, values)
    if words:
        raise UnknownExpressionError(f"not understood: {words} in {expression}")
    return result


def _either(words: list[str], values: Mapping[str, str]) -> Any:
    left = _both(words, values)
    while words[:1] == ["||"]:
        words.pop(0)
        right = _both(words, values)
        left = left or right
    return left


def _both(words: list[str], values: Mapping[str, str]) -> Any:
    left = _same(words, values)
    while words[:1] == ["&&"]:
        words.pop(0)
        right = _same(words, values)
        left = left and right
    return left


def _same(words: list[str], values: Mapping[str, str]) -> Any:
    left = _one(words, values)
    if words[:1] in (["=="], ["!="]):
        equal = words.pop(0) == "=="
        return (left == _one(words, values)) == equal
    return left


def _one(words: list[str], values: Mapping[str, str]) -> Any:
    word = words.pop(0)
    if word == "!":
        return not _one(words, values)
    if word == "(":
        inner = _either(words, values)
        words.pop(0)
        return inner
    if word.startswith("'"):
        return word[1:-1].replace("''", "'")
    if words[:1] == ["("]:
        return _called(word, words, values)
    if word in ("true", "false"):
        return word == "true"
    if word not in values:
        raise UnknownExpressionError(f"no value for {word}")
    return {"true": True, "false": False}.get(values[word], values[word])


def _called(name: str, words: list[str], values: Mapping[str, str]) -> Any:
    words.pop(0)
    given = []
    while words[0] != ")":
        given.append(_either(words, values))
        if words[0] == ",":
            words.pop(0)
    words.pop(0)
    if name == "format":
        text, *parts = given
        return re.sub(r"\{(\d)\}", lambda found: str(parts[int(found[1])]), text)
    if name == "join":  # the results of the jobs before, which the run gives as one text
        return given[0]
    if name == "fromJSON":
        return given[0]
    return {"always": True, "success": True, "failure": False, "cancelled": False}[name]


def github_jobs(files: Mapping[str, str], workflow: str, values: Mapping[str, str]) -> Iterator[Job]:
    """Yield the jobs of one workflow; for those that call another one of the project, its jobs.

    Args:
        files: The texts of all files by path.
        workflow: The path of the workflow.
        values: What each name of an expression is in the run that is played.
    """
    tree = read_yaml(files[workflow])
    by_hand = ((tree["on"] if isinstance(tree["on"], dict) else {}).get("workflow_dispatch") or {}).get(
        "inputs", {}
    )
    values = {f"inputs.{key}": _text(each.get("default", "")) for key, each in by_hand.items()} | dict(values)
    for name, job in tree["jobs"].items():
        if "uses" in job:
            called = job["uses"].removeprefix("./")
            given = read_yaml(files[called])["on"]["workflow_call"].get("inputs", {})
            inputs = {f"inputs.{key}": _text(each.get("default", "")) for key, each in given.items()}
            inputs |= {f"inputs.{key}": _put(value, values) for key, value in (job.get("with") or {}).items()}
            for inner in github_jobs(files, called, {**values, **inputs}):
                yield Job(workflow, f"{name} / {inner.name}", inner.steps, inner.environment, inner.signs_in)
            continue
        environment = _variables(tree.get("env"), values) | _variables(job.get("env"), values)
        defaults = ((job.get("defaults") or {}).get("run") or {}).get("working-directory", ".")
        folder = _put(defaults, values)
        steps = tuple(step for item in job["steps"] for step in _steps(files, item, values, folder))
        yield Job(
            workflow, name, steps, environment, (job.get("permissions") or {}).get("id-token") == "write"
        )


def _steps(
    files: Mapping[str, str], item: Mapping[str, Any], values: Mapping[str, str], folder: str
) -> Iterator[Step]:
    condition = str(item.get("if", "true"))
    if not evaluate(_EXPRESSION.sub(lambda found: found[1], condition), values):
        return
    used = str(item.get("uses", ""))
    if used.startswith("./"):
        action = used.removeprefix("./")
        path = next(file for file in files if file.startswith(f"{action}/action.y"))
        tree = read_yaml(files[path])
        inputs = {
            f"inputs.{key}": _text(each.get("default", ""))
            for key, each in (tree.get("inputs") or {}).items()
        }
        inputs |= {f"inputs.{key}": _put(value, values) for key, value in (item.get("with") or {}).items()}
        for inner in tree["runs"]["steps"]:
            yield from _steps(files, inner, {**values, **inputs}, ".")
        return
    always = any(word in condition for word in ("always()", "failure()", "!cancelled()"))
    name = str(item.get("name") or used.partition("@")[0] or str(item.get("run", "")).partition("\n")[0])
    place = _put(item["working-directory"], values) if "working-directory" in item else folder
    yield Step(
        name,
        str(item.get("run", "")),
        used.partition("@")[0],
        _variables(item.get("env"), values),
        always,
        place,
        _variables(item.get("with"), values),
    )


def _variables(given: Any, values: Mapping[str, str]) -> dict[str, str]:
    return {key: _put(value, values) for key, value in (given or {}).items()}


def _put(value: Any, values: Mapping[str, str]) -> str:
    """Return a value as a text, with its expressions evaluated."""
    if not isinstance(value, str):
        return _text(value)
    return _EXPRESSION.sub(lambda found: _text(evaluate(found[1], values)), value)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
