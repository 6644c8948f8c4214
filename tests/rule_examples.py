"""The examples in the docstrings of the rules of `validate` and `grants check`, checked by the command that a person runs.

`test_rules.py` uses them, and `scripts/findings_snapshots.py`, which writes what each failing example prints.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from lakewright.bundle.findings.printed.page import page_of
from lakewright.bundle.rules.base import Rule
from lakewright.commands.grants.check import check
from lakewright.commands.validate import command

SNAPSHOTS = Path(__file__).parents[1] / "packages" / "lakewright" / "tests" / "bundle" / "snapshots"
_GRANTS_CHECK = ["lakewright", "grants", "check"]
_BLOCK = re.compile(r"^```(?P<head>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """Files of a project, and the command to check it.

    Attributes:
        files: The content by name; `databricks.yml` among them.
        encodings: The encoding of each file, by name.
        commands: The commands of the console block, without the prompt; by default `lakewright validate`.
    """

    files: dict[str, str]
    encodings: dict[str, str]
    commands: tuple[str, ...]


def example_of(markdown: str) -> Example:
    """Return the files and commands of an example: one block a file, the console block last."""
    files: dict[str, str] = {}
    encodings: dict[str, str] = {}
    commands: list[str] = []
    for block in _BLOCK.finditer(markdown):
        language, *words = block["head"].split()
        if language == "console":
            commands += [line.removeprefix("$ ") for line in block["body"].splitlines()]
            continue
        name = words[0] if words else "databricks.yml"
        files[name] = block["body"]
        encodings[name] = words[1].removeprefix("encoding=") if len(words) > 1 else "utf-8"
    return Example(files, encodings, tuple(commands) or ("lakewright validate",))


def findings_of(markdown: str, folder: Path) -> list[dict]:
    """Return the findings of an example, as data; its files are written into an empty folder."""
    if _command_of(markdown)[:3] == _GRANTS_CHECK:
        (target,) = json.loads(_run(markdown, folder, "json").stdout)["targets"]
        return list(target["findings"])
    findings: list[dict] = json.loads(_run(markdown, folder, "findings-json").stdout)["findings"]
    return findings


def printed_by(rule: type[Rule], folder: Path) -> str:
    """Return the findings of a rule's failing example as its command prints them."""
    fails = page_of(rule).fails
    is_of_grants = _command_of(fails)[:3] == _GRANTS_CHECK
    printed = _run(fails, folder, "text").stdout if is_of_grants else _run(fails, folder, "json").stderr
    return printed.replace(str(folder.resolve()), "<project>").rstrip() + "\n"


def snapshot_of(rule: type[Rule]) -> Path:
    """Return the file that holds what a rule's failing example prints."""
    return SNAPSHOTS / f"{rule.code}-{rule.name}.txt"


def _command_of(markdown: str) -> list[str]:
    return [
        word for word in shlex.split(example_of(markdown).commands[-1]) if not word.startswith("LAKEWRIGHT_")
    ]


def _run(markdown: str, folder: Path, output: str) -> Result:
    example = example_of(markdown)
    for name, text in example.files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding=example.encodings[name])
    *before, last = map(shlex.split, example.commands)
    exported = dict(words[1].split("=", 1) for words in before if words[0] == "export")
    for words in before:
        assert words[0] in {"git", "export", "cd"}
        if words[0] == "cd":
            folder = folder / words[1]
        if words[0] == "git":
            subprocess.run(words, cwd=folder, check=True)
    environment = {
        **os.environ,
        "DATABRICKS_CURRENT_USER": "ana@example.org",
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        **exported,
    }
    while "=" in last[0]:
        name, _, value = last.pop(0).partition("=")
        environment[name] = value
    if last[:3] == _GRANTS_CHECK:
        robot = {"DATABRICKS_CURRENT_USER": "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84"}
        with chdir(folder):  # it prints paths relative to the folder
            return CliRunner().invoke(check, [*last[3:], "-o", output], env=environment | robot)
    assert last[:2] == ["lakewright", "validate"]
    arguments = [*last[2:], "--own-rules-only", "--project", str(folder), "-o", output]
    return CliRunner().invoke(command, arguments, env=environment)
