"""zizmor, actionlint and the vendored schemas of the CI systems, run on the files of a project; each returns what it found."""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ACTIONLINT_VERSION = "v1.7.12"
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lakewright-tools"


class ToolMissingError(RuntimeError):
    """Raised where a tool is not installed; the message names the command that installs it."""


def _program(name: str) -> str:
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise ToolMissingError(f"{name} is not installed; fix: make setup")
    return found


@cache
def actionlint() -> str | None:
    """Return the program, which `go install` builds once into a cache outside of the repository; None without it and without Go."""
    program = _CACHE / f"actionlint-{ACTIONLINT_VERSION}" / "actionlint"
    if program.exists():
        return str(program)
    if os.environ.get("LAKEWRIGHT_BUILD_TOOLS") and (go := shutil.which("go")):
        wanted = f"github.com/rhysd/actionlint/cmd/actionlint@{ACTIONLINT_VERSION}"
        subprocess.run([go, "install", wanted], env={**os.environ, "GOBIN": str(program.parent)}, check=True)
        return str(program)
    return None


def run_actionlint(program: str, folder: Path) -> list[str]:
    """Return what actionlint finds in the workflows; scripts are left to `bash -n`."""
    files = [
        str(path.relative_to(folder)) for path in sorted((folder / ".github" / "workflows").glob("*.y*ml"))
    ]
    command = [program, "-no-color", "-oneline", "-shellcheck=", "-pyflakes=", *files]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise AssertionError(done.stderr)
    return done.stdout.splitlines()


# Rules of zizmor that do not hold here, with the reason.
IGNORED = {
    "self-repository": "asks for `$/…` in place of `./…`, which GitHub has since 2026; GitHub Enterprise Server and actionlint lack it"
}


def run_zizmor(folder: Path) -> list[str]:
    """Return what zizmor finds, as `file:line rule`."""
    command = [_program("zizmor"), "--offline", "--no-progress", "--format=json-v1", "--no-exit-codes", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(done.stderr)
    return [
        f"{_place(found['locations'][0])} {found['ident']}"
        for found in json.loads(done.stdout)
        if found["ident"] not in IGNORED
    ]


def _place(location: dict[str, Any]) -> str:
    path = location["symbolic"]["key"]["Local"]["verbatim_path"].removeprefix("./")
    return f"{path}:{location['concrete']['location']['start_point']['row'] + 1}"


def check_schema(folder: Path, schema: str, files: list[str], *, transform: str | None = None) -> list[str]:
    """Return what a vendored schema of check-jsonschema refuses.

    Args:
        folder: The project.
        schema: The schema's name, such as `vendor.github-workflows`.
        files: The files, from the folder.
        transform: The name of what check-jsonschema does with them first, for marks that the schema does not know.
    """
    given = files
    if schema == "vendor.azure-pipelines":
        given = [str(_as_azure_reads(folder, file)) for file in files]
    options = ["--regex-variant", "nonunicode", "--builtin-schema", schema, "--output-format", "json"]
    options += ["--data-transform", transform] if transform else []
    command = [_program("check-jsonschema"), *options, *given]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return []
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise AssertionError(done.stdout + done.stderr) from error
    best = [each.get("best_deep_match") or each for each in report["errors"]]
    broken = [f"{each['filename']}: not parsed" for each in report.get("parse_errors", [])]
    return broken + [f"{each['path']}: {each['message']}" for each in best]


def _as_azure_reads(folder: Path, file: str) -> Path:
    """Write a pipeline as Azure DevOps reads it: every scalar is a text, except the inputs of a task, which a task converts.

    The schema asks for texts; a number or a truth value without quotes is the same to the service.
    """
    made = folder / ".schema" / f"{file.replace('/', '-')}.json"
    made.parent.mkdir(exist_ok=True)
    texts = yaml.load((folder / file).read_text(encoding="utf-8"), yaml.BaseLoader)
    values = yaml.safe_load((folder / file).read_text(encoding="utf-8"))
    made.write_text(json.dumps(_with_inputs(texts, values)), encoding="utf-8")
    return made


def _with_inputs(texts: Any, values: Any) -> Any:
    if isinstance(texts, dict):
        return {
            key: values[key] if key == "inputs" else _with_inputs(item, values.get(key))
            for key, item in texts.items()
        }
    if isinstance(texts, list):
        return [_with_inputs(*pair) for pair in zip(texts, values, strict=True)]
    return texts
