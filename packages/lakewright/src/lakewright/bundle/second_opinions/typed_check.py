"""What the types of `databricks-bundles` refuse and we do not, where the package is installed for the project.

The package is optional, and under the Databricks License: it is never a dependency of ours. It runs in a process of its own; where
Python code of the bundle has run, that process has imported the package and is asked.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.model.opinion import Difference, Opinion
from lakewright.bundle.model.tree import Path as KeyPath
from lakewright.bundle.model.tree import format_path, parse_path
from lakewright.bundle.python_code.hosting import Answer, Host, running_host
from lakewright.bundle.refusals.secrets import redacted
from lakewright.bundle.second_opinions.agreement import covering
from lakewright.shown_text.secret_values import without_secrets

JUDGE = "databricks-bundles"
_PROGRAM = Path(__file__).with_name("typed_program.py")
_SECONDS = 60
_UNKNOWN_FIELD = "LW301"
# A deployment sets these, after Python code has seen the resources; the types do not have them.
# Source: databricks/cli, bundle/phases/initialize.go, and the differences in bundle/config/resources.
_SET_BY_A_DEPLOYMENT: Mapping[str, frozenset[str]] = {
    "jobs": frozenset({"deployment", "edit_mode", "format"}),
    "pipelines": frozenset({"deployment"}),
    "volumes": frozenset({"volume_path"}),
}


@dataclass(frozen=True)
class TypedAnswer:
    """What the types said.

    Attributes:
        version: The version of the package; None if it did not answer.
        absence: Why it did not answer.
        refusals: For each target, key path and message of what is refused.
        known: The key paths that the types know, among those that we call unknown.
    """

    version: str | None
    absence: str | None = None
    refusals: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    known: frozenset[str] = frozenset()


def ask_the_types(bundles: Sequence[Bundle]) -> TypedAnswer:
    """Ask the types of `databricks-bundles` about the resources of each target; the package is looked for first."""
    python = interpreter_of(bundles[0])
    if python == sys.executable and not _is_installed():
        return TypedAnswer(None, f"it is not installed for {python}")
    request = {
        "resources": [_resources(bundle) for bundle in bundles],
        "unknown": sorted({path for bundle in bundles for path in _unknown_fields(bundle)}),
    }
    answer = _run(Path(python), bundles[0].root, request)
    if "absent" in answer:
        return TypedAnswer(None, str(answer["absent"]))
    refusals = tuple(
        (
            bundle.target,
            tuple(
                (format_path(tuple(each["path"])), without_secrets(str(each["message"]), os.environ))
                for each in found
            ),
        )
        for bundle, found in zip(bundles, answer["refusals"], strict=True)
    )
    known = frozenset(format_path(tuple(path)) for path in answer["known"])
    return TypedAnswer(str(answer["version"]), None, refusals, known)


def interpreter_of(bundle: Bundle) -> str:
    """Return the Python that the bundle names for its Python code, or the one that runs this."""
    sections = (bundle.resolved.get("python"), (bundle.resolved.get("experimental") or {}).get("python"))
    for section in sections:
        folder = str(section.get("venv_path") or "") if isinstance(section, dict) else ""
        for name in ("bin/python", "Scripts/python.exe") if folder else ():
            found = bundle.root / folder / name
            if found.is_file():
                return str(found)
    return sys.executable


def _is_installed() -> bool:
    try:
        return find_spec("databricks.bundles") is not None
    except ModuleNotFoundError:
        return False


def _resources(bundle: Bundle) -> dict[str, Any]:
    """Return the resources as Python code of the bundle would see them, without the values of secrets."""
    resources = redacted(bundle.resolved).get("resources")
    return {
        kind: {key: _as_written(kind, value) for key, value in of_kind.items() if isinstance(value, dict)}
        for kind, of_kind in (resources if isinstance(resources, dict) else {}).items()
        if isinstance(of_kind, dict)
    }


def _as_written(kind: str, resource: Mapping[str, Any]) -> dict[str, Any]:
    left_out = _SET_BY_A_DEPLOYMENT.get(kind, frozenset())
    return {field: value for field, value in resource.items() if field not in left_out}


def _unknown_fields(bundle: Bundle) -> Iterable[KeyPath]:
    for found in bundle.diagnostics:
        path = _path_of_the_field(found)
        if path[:1] == ("resources",) and len(path) > 3:
            yield path


def _path_of_the_field(found: Diagnostic) -> KeyPath:
    """Return the key path of a field that we call unknown; an empty one for another finding."""
    if found.code != _UNKNOWN_FIELD:
        return ()
    return (*parse_path(found.path or ""), found.summary.partition(": ")[2])


def _run(python: Path, root: Path, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer: of the process that has run the bundle's Python code, if it is there, else of a new one."""
    with tempfile.TemporaryDirectory() as work:
        asked, answer = Path(work) / "request.json", Path(work) / "answer.json"
        asked.write_text(json.dumps(request), encoding="utf-8")
        host = running_host(python, root)
        if host is not None and _answered_by(host, asked, answer):
            return _answer_in(answer)
        try:
            done = subprocess.run(
                [str(python), "-I", "-B", str(_PROGRAM), str(asked), str(answer)],
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"absent": f"no answer after {_SECONDS} s"}
        except OSError as error:
            return {"absent": str(error)}
        if not answer.is_file():
            last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            return {"absent": f"its process ended: {last}"}
        return _answer_in(answer)


def _answer_in(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _answered_by(host: Host, asked: Path, answer: Path) -> bool:
    folder = asked.parent
    try:
        done = host.run(
            [str(asked), str(answer)],
            output=folder / "stdout",
            errors=folder / "stderr",
            stack=folder / "stack",
            seconds=_SECONDS,
            program=_PROGRAM,
        )
    except OSError:
        return False
    return done == Answer() and answer.is_file()


def opinion_of_the_types(
    answer: TypedAnswer, bundles: Sequence[Bundle], findings: Iterable[Diagnostic]
) -> Opinion:
    """Compare what the types refuse with our findings: what both say stays one finding of ours."""
    if answer.version is None:
        return Opinion(
            JUDGE, None, answered=False, summary=f"was not asked: {answer.absence}; this check is optional"
        )
    ours = list(findings)
    by_target = {bundle.target: bundle for bundle in bundles}
    found: dict[Difference, list[str]] = {}
    for target, refusals in answer.refusals:
        here = [each for each in ours if not each.targets or target in each.targets]
        for path, message in refusals:
            if covering(here, message, path, None) is None:
                difference = _refusal(message, path, answer.version, by_target[target])
                found.setdefault(difference, []).append(target)
    differences = [replace(each, targets=tuple(targets)) for each, targets in found.items()]
    differences += _accepted(answer, ours)
    count = len(differences)
    summary = (
        f"differs from lakewright in {count} place{'s'[: count > 1]}"
        if count
        else "refuses nothing that lakewright accepts"
    )
    return Opinion(JUDGE, answer.version, answered=True, summary=summary, differences=tuple(differences))


def _refusal(message: str, path: str, version: str, bundle: Bundle) -> Difference:
    is_a_field = message.startswith("Unexpected field")
    if is_a_field:
        detail = f"lakewright's schema has the field; version {version} of the package is older or lacks it"
    else:
        detail = "lakewright's schema accepts the value"
    # A missing field of an older package is no mistake in the bundle.
    severity = "note" if is_a_field else "warning"
    return Difference(severity, message, detail, bundle.locate(path), path)  # type: ignore[arg-type]  # one of the two


def _accepted(answer: TypedAnswer, ours: Sequence[Diagnostic]) -> list[Difference]:
    """Return the fields that we call unknown and the types know: our schema is older."""
    return [
        Difference(
            "note",
            f"{found.code} calls the field unknown, and the package has it",
            None,
            found.location,
            path,
            found.targets,
        )
        for found in ours
        if (path := format_path(_path_of_the_field(found))) in answer.known
    ]
