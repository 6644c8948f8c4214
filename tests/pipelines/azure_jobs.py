"""The jobs of Azure DevOps' pipelines: templates expanded with their parameters, conditions and loops, as the service does before a run."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from pipelines.steps import Job, Step

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
# What a job of an earlier stage has set; the test gives it as a variable with the last part of its name.
_OF_STAGES = re.compile(r"\$\[ stageDependencies\.\w+\.\w+\.outputs\['(\w+\.\w+\.\w+)'\] \]")
_CALL = re.compile(r"(eq|ne)\((.*)\)")


class ExpressionError(ValueError):
    """Raised for an expression that this reader does not know; extend it rather than the template around it."""


def azure_jobs(
    files: Mapping[str, str], pipeline: str, parameters: Mapping[str, Any] | None = None
) -> Iterator[Job]:
    """Yield the jobs of one pipeline.

    Args:
        files: The texts of all files by path.
        pipeline: The path of the pipeline.
        parameters: What is chosen when it is started by hand; the others have their defaults.
    """
    tree = yaml.safe_load(files[pipeline])
    given = {each["name"]: each.get("default") for each in tree.get("parameters", [])} | dict(
        parameters or {}
    )
    stages = tree.get("stages") or [{"jobs": tree["jobs"]}]
    for stage in stages:
        for file, job in _jobs(files, pipeline, stage["jobs"], given):
            name = job.get("deployment") or job["job"]
            steps = job["strategy"]["runOnce"]["deploy"]["steps"] if "deployment" in job else job["steps"]
            variables = {
                key: _OF_STAGES.sub(r"$(\1)", str(value))
                for key, value in (job.get("variables") or {}).items()
            }
            found = tuple(_step(step) for _, step in _expanded(files, file, steps, {}))
            yield Job(pipeline, str(name), found, variables)


def _jobs(
    files: Mapping[str, str], file: str, jobs: list[Any], given: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    yield from _expanded(files, file, jobs, given, part="jobs")


def _expanded(
    files: Mapping[str, str], file: str, items: list[Any], given: Mapping[str, Any], part: str = "steps"
) -> Iterator[tuple[str, Any]]:
    """Yield the items of a list with those of the templates that it names, each with the file that its templates are relative to."""
    for item in _evaluated(items, given):
        if not (isinstance(item, dict) and "template" in item):
            yield file, item
            continue
        path = f"{file.rpartition('/')[0]}/{item['template']}"
        template = yaml.safe_load(files[path])
        known = {each["name"]: each for each in template.get("parameters", [])}
        passed = item.get("parameters") or {}
        for name, value in passed.items():
            if name not in known:
                raise ExpressionError(f"{path} has no parameter {name}")
            if known[name].get("values") and value not in known[name]["values"]:
                raise ExpressionError(f"{path} does not allow {name}: {value}")
        if missing := [name for name, each in known.items() if "default" not in each and name not in passed]:
            raise ExpressionError(f"{path} needs {missing}")
        values = {name: each.get("default") for name, each in known.items()} | passed
        yield from _expanded(files, path, template[part], values, part)


def _evaluated(value: Any, given: Mapping[str, Any]) -> Any:
    """Put parameters into a value; leave out what a condition excludes; repeat what a loop repeats."""
    if isinstance(value, list):
        made: list[Any] = []
        chosen = False
        for item in value:
            key = next(iter(item), "") if isinstance(item, dict) and len(item) == 1 else ""
            if found := re.fullmatch(r"\$\{\{\s*each (\w+) in (.*?)\s*\}\}", str(key)):
                for one in _value(found[2], given) or []:
                    made += _evaluated(item[key], {**given, f"each.{found[1]}": one})
            elif (condition := _condition(str(key), chosen, given)) is not None:
                chosen = condition or chosen
                made += _evaluated(item[key], given) if condition else []
            else:
                made.append(_evaluated(item, given))
        return made
    if isinstance(value, dict):
        merged: dict[Any, Any] = {}
        chosen = False
        for key, item in value.items():
            if (condition := _condition(str(key), chosen, given)) is not None:
                chosen = condition or chosen
                merged |= _evaluated(item, given) if condition else {}
            else:
                merged[_evaluated(key, given)] = _evaluated(item, given)
        return merged
    if isinstance(value, str) and (found := _EXPRESSION.fullmatch(value)):
        return _value(found[1], given)
    if isinstance(value, str):
        return _EXPRESSION.sub(lambda found: str(_value(found[1], given)), value)
    return value


def _condition(key: str, chosen: bool, given: Mapping[str, Any]) -> bool | None:
    """Return whether a conditional key holds; None for another key."""
    found = re.fullmatch(r"\$\{\{\s*(if|elseif|else)\s*(.*?)\s*\}\}", key)
    if not found:
        return None
    if found[1] == "else":
        return not chosen
    return bool(_value(found[2], given)) and not (found[1] == "elseif" and chosen)


def _value(expression: str, given: Mapping[str, Any]) -> Any:
    if call := _CALL.fullmatch(expression):
        left, right = (_value(part.strip(), given) for part in call[2].split(","))
        return (left == right) == (call[1] == "eq")
    if expression.startswith("'"):
        return expression.strip("'")
    for name in (expression.removeprefix("parameters."), f"each.{expression}"):
        if name in given:
            return given[name]
    raise ExpressionError(f"unknown: {expression}")


def _step(step: dict[str, Any]) -> Step:
    environment = {key: str(value) for key, value in (step.get("env") or {}).items()}
    inputs = step.get("inputs") or {}
    script = step.get("bash") or inputs.get("inlineScript") or ""
    kind = next((key for key in ("task", "checkout", "download", "publish") if key in step), "")
    uses = f"{kind}: {step[kind]}" if kind and kind != "task" else step.get("task", "")
    always = step.get("condition") in ("always()", "succeededOrFailed()")
    return Step(str(step.get("displayName") or uses), script, uses, environment, always)
