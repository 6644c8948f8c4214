"""Programs of this environment for tests of a repository's files, and a stand-in for the GitHub CLI."""

import json
import os
import subprocess
import sys
from pathlib import Path

import yaml

# Knows what `gh label create` knows, and refuses everything else. Source: pkg/cmd/label/create.go of the GitHub CLI.
_GH = """#!{python}
import argparse, json, os, pathlib, re, sys
state = pathlib.Path(os.environ["LABELS"])
known = json.loads(state.read_text())
if os.environ.get("REFUSED"):
    sys.exit(os.environ["REFUSED"])
parser = argparse.ArgumentParser(prog="gh", allow_abbrev=False)
label = parser.add_subparsers(required=True).add_parser("label", allow_abbrev=False)
create = label.add_subparsers(required=True).add_parser("create", allow_abbrev=False)
create.add_argument("name")
create.add_argument("--color", "-c", default="ededed")
create.add_argument("--description", "-d", default="")
create.add_argument("--force", "-f", action="store_true")
given = parser.parse_args()
if not os.environ.get("GH_REPO") or not os.environ.get("GH_TOKEN"):
    sys.exit("set the GH_TOKEN and GH_REPO environment variables")
color = given.color.removeprefix("#")
if not re.fullmatch("[0-9a-fA-F]{{6}}", color):
    sys.exit("HTTP 422: Validation Failed: color is invalid")
there = next((name for name in known if name.casefold() == given.name.casefold()), None)
if there and not given.force:
    sys.exit(f'label with name "{{given.name}}" already exists; use `--force` to update its color and description')
known[there or given.name] = [color, given.description]
state.write_text(json.dumps(known))
"""


class Gh:
    """The stand-in: a program in a folder of its own, and the labels that it has made."""

    def __init__(self, folder):
        programs = folder / "programs"
        programs.mkdir()
        file = programs / "gh"
        file.write_text(_GH.format(python=sys.executable))
        file.chmod(0o755)
        self.state = folder / "labels.json"
        self.environment = {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "LABELS": str(self.state),
            "GH_REPO": "company/flights",
            "GH_TOKEN": "given by the runner",
        }
        self.set_labels({})

    def set_labels(self, labels):
        self.state.write_text(json.dumps(labels))

    def labels(self):
        return json.loads(self.state.read_text())

    def refuse(self, message):
        self.environment["REFUSED"] = message

    def run(self, *arguments):
        program = Path(self.environment["PATH"].split(os.pathsep)[0]) / "gh"
        return subprocess.run(
            [program, *arguments], env=self.environment, capture_output=True, text=True, check=False
        )


def stand_in_gh(folder):
    """Return a stand-in for the GitHub CLI that keeps labels in a folder."""
    return Gh(folder)


def program(name):
    """Return the path of a program of this environment."""
    return str(Path(sys.executable).parent / name)


def read_yaml(file):
    """Return the content of a YAML file; the key `on` of a workflow is True, as YAML 1.1 has it."""
    return yaml.safe_load(file.read_text(encoding="utf-8"))
