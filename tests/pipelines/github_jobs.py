"""The jobs of GitHub's workflows: their scripts, with the expressions of variables replaced by what a test gives."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lakewright.pipelines.reading import read_yaml
from pipelines.steps import Job, Step

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def github_jobs(files: Mapping[str, str], workflow: str, values: Mapping[str, str]) -> Iterator[Job]:
    """Yield the jobs of one workflow; those that call another one of the project have its jobs' steps.

    Args:
        files: The texts of all files by path.
        workflow: The path of the workflow.
        values: What each expression in a variable is in the run that is played.
    """
    tree = read_yaml(files[workflow])
    shared = _variables(tree.get("env"), values)
    for name, job in tree["jobs"].items():
        if "uses" in job:
            called = job["uses"].removeprefix("./")
            inputs = {
                f"inputs.{key}": str(_put(value, values)) for key, value in (job.get("with") or {}).items()
            }
            for inner in github_jobs(files, called, {**values, **inputs}):
                yield Job(workflow, f"{name} / {inner.name}", inner.steps, inner.environment)
            continue
        environment = shared | _variables(job.get("env"), values)
        steps = tuple(step for item in job["steps"] for step in _steps(files, item, values))
        yield Job(workflow, name, steps, environment)


def _steps(files: Mapping[str, str], item: Mapping[str, Any], values: Mapping[str, str]) -> Iterator[Step]:
    used = str(item.get("uses", ""))
    if used.startswith("./"):
        action = used.removeprefix("./")
        path = next(file for file in files if file.startswith(f"{action}/action.y"))
        tree = read_yaml(files[path])
        inputs = {
            f"inputs.{key}": str(each.get("default", "")) for key, each in (tree.get("inputs") or {}).items()
        }
        inputs |= {
            f"inputs.{key}": str(_put(value, values)) for key, value in (item.get("with") or {}).items()
        }
        for inner in tree["runs"]["steps"]:
            yield from _steps(files, inner, {**values, **inputs})
        return
    uses = used.partition("@")[0]
    always = any(word in str(item.get("if", "")) for word in ("always()", "failure()", "!cancelled()"))
    name = str(item.get("name") or uses or str(item.get("run", "")).partition("\n")[0])
    yield Step(name, str(item.get("run", "")), uses, _variables(item.get("env"), values), always)


def _variables(given: Any, values: Mapping[str, str]) -> dict[str, str]:
    return {key: str(_put(value, values)) for key, value in (given or {}).items()}


def _put(value: Any, values: Mapping[str, str]) -> Any:
    """Replace the expressions of a value; one that nobody gave a value stays as it is, and the test sees it."""
    if not isinstance(value, str):
        return value
    return _EXPRESSION.sub(lambda found: values.get(found[1], found[0]), value)
