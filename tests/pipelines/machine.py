"""A machine of a CI system, as far as a laptop can be one: a checkout with its origin, the system's variables, real and stand-in programs.

Real: bash, git, lakewright, ruff. Stand-ins check their arguments (`pipelines.stand_ins`): what needs a workspace, an index or a
cloud, and what takes a JVM, which other tests run.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.rendering import ROOT
from pipelines.steps import Job, Step

BASH = {  # how each system starts the script of a step
    "github": ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"),
    "azure_devops": ("bash", "--noprofile", "--norc", "-c"),
    "gitlab": ("bash", "-eo", "pipefail", "-c"),
}
_STAND_INS = (
    "curl",
    "pip",
    "pytest",
    "gh",
    "az",
    "terraform",
    "tofu",
    "sha256sum",
    "lakewright",
    "detect-secrets-hook",
    "zizmor",
    "mypy",
)
_MACRO = re.compile(r"\$\(([\w.]+)\)")
_PREPENDED = re.compile(r"^##vso\[task\.prependpath\](.*)$", re.MULTILINE)
_VARIABLE = re.compile(r"\$(\w+)")


class StepFailedError(AssertionError):
    """Raised for a step that failed; the text has the step and what it printed."""


@dataclass
class Machine:
    """One machine.

    Attributes:
        system: The CI system.
        checkout: The folder with the repository.
        home: The folder of everything else: programs, temporary files, artifacts.
        variables: What the system puts into `$(…)` (Azure DevOps).
        environment: Its environment variables.
    """

    system: str
    checkout: Path
    home: Path
    variables: Mapping[str, str]
    environment: dict[str, str]

    def __post_init__(self) -> None:
        """Put the programs on PATH."""
        programs = self.home / "bin"
        programs.mkdir(parents=True, exist_ok=True)
        for name in _STAND_INS:
            _script(programs / name, f'exec "{sys.executable}" -m pipelines.stand_ins {name} "$@"')
        _script(programs / "ruff", f'exec "{sys.executable}" -m ruff "$@"')
        for name in ("python", "python3"):
            _script(programs / name, f'exec "{sys.executable}" "$@"')
        packages = [ROOT / "tests", *(ROOT / "packages").glob("*/src")]
        self.environment = {
            "PATH": f"{programs}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "HOME": str(self.home),
            "PYTHONPATH": os.pathsep.join(map(str, packages)),
            "STAND_IN_NOTES": str(self.home / "notes"),
            "LAKEWRIGHT_CACHE_DIR": os.environ.get("LAKEWRIGHT_CACHE_DIR", ""),
            **self.environment,
        }
        (self.home / "notes").touch()

    def run(self, job: Job) -> None:
        """Run the steps of a job, in order.

        Raises:
            StepFailedError: A step failed.
        """
        environment = self.environment | self._put(job.environment)
        environment = _filled(_filled(environment))  # a variable of GitLab may name another one
        if self.system == "gitlab":  # one script; what a line exports holds for the next ones
            self.step(Step(job.name, "\n".join(step.script for step in job.steps)), environment)
            return
        if job.signs_in and self.system == "github":
            url = "https://token.example.com"
            environment |= {
                "ACTIONS_ID_TOKEN_REQUEST_URL": url,
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "made-for-the-run",
            }
        for step in job.steps:
            self.step(step, environment)

    def step(self, step: Step, environment: dict[str, str]) -> str:
        """Run one step, and return what it printed."""
        if step.uses.startswith("AzureCLI@"):  # the task signs in before it runs the script
            (self.home / ".azure").mkdir(exist_ok=True)
        if not step.script:
            self._task(step, environment)
            return ""
        command = [*BASH[self.system], self._macros(step.script)]
        own = environment | self._put(step.environment)
        if left := {key: value for key, value in own.items() if "${{" in value}:
            raise StepFailedError(f"{step.name}: nobody gave a value to {left}")
        done = subprocess.run(
            command, cwd=self.checkout / step.folder, env=own, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise StepFailedError(
                f"{step.name}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
            )
        for folder in [*_PREPENDED.findall(done.stdout), *_added(environment)]:
            environment["PATH"] = f"{folder}{os.pathsep}{environment['PATH']}"
        return done.stdout

    def calls(self, program: str) -> list[list[str]]:
        """Return the arguments of every call of a stand-in."""
        notes = [json.loads(line) for line in (self.home / "notes").read_text(encoding="utf-8").splitlines()]
        return [arguments for name, *arguments in notes if name == program]

    def _task(self, step: Step, environment: dict[str, str]) -> None:
        """Play the actions and tasks that hand files on; the others do nothing here."""
        kind, _, what = step.uses.partition(": ")
        if step.uses in ("actions/upload-artifact", "actions/download-artifact"):
            here, kept = self.home / "temp" / "release", self.home / "artifacts" / step.inputs["name"]
            source, target = (here, kept) if "upload" in step.uses else (kept, here)
            shutil.copytree(source, target, dirs_exist_ok=True)
        if kind == "publish":
            shutil.copytree(self._macros(what), self.home / "artifacts" / "release", dirs_exist_ok=True)
        if kind == "download":
            inner = "staging/release" if what == "staging" else "release"
            target = Path(self.variables["Pipeline.Workspace"]) / inner
            shutil.copytree(self.home / "artifacts" / "release", target, dirs_exist_ok=True)

    def _put(self, given: Mapping[str, str]) -> dict[str, str]:
        return {key: self._macros(value) for key, value in given.items()}

    def _macros(self, text: str) -> str:
        """Replace `$(Build.SourceBranch)`; what is no variable stays, for the shell."""
        if self.system != "azure_devops":
            return text
        return _MACRO.sub(lambda found: self.variables.get(found[1], found[0]), text)


def _added(environment: Mapping[str, str]) -> list[str]:
    """Return the folders that a step has put on PATH as GitHub lets it, by a line in a file."""
    if "GITHUB_PATH" not in environment:
        return []
    file = Path(environment["GITHUB_PATH"])
    folders = file.read_text(encoding="utf-8").splitlines()
    file.write_text("", encoding="utf-8")
    return folders


def _filled(environment: Mapping[str, str]) -> dict[str, str]:
    """Put the variables that a value names into it."""
    return {
        key: _VARIABLE.sub(lambda found: environment.get(found[1], found[0]), value)
        for key, value in environment.items()
    }


def _script(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    path.chmod(0o755)


def git(folder: Path, *arguments: str) -> str:
    """Run git, and return what it printed."""
    own = ("-c", "user.name=someone", "-c", "user.email=someone@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def repository(folder: Path, project: Path, branches: Sequence[str] = ("main",)) -> Path:
    """Make a repository of a project, with an origin and two commits: the first is version v0.1.0, the second v1.0.0.

    Returns:
        The checkout, at the second commit.
    """
    origin, checkout = folder / "origin.git", folder / "checkout"
    shutil.copytree(project, checkout, symlinks=True)
    git(folder, "init", "-q", "--bare", "-b", "main", str(origin))
    git(checkout, "init", "-q", "-b", "main")
    git(checkout, "remote", "add", "origin", str(origin))
    commit(checkout, "Add the project")
    git(checkout, "tag", "v0.1.0")
    readme = checkout / "README.md"
    readme.write_text(readme.read_text(encoding="utf-8") + "\nA second version.\n", encoding="utf-8")
    commit(checkout, "Change the project")
    git(checkout, "tag", "v1.0.0")
    for branch in branches[1:]:
        git(checkout, "branch", branch)
    git(checkout, "push", "-q", "origin", *branches, "--tags")
    return checkout


def commit(folder: Path, message: str) -> None:
    """Commit everything."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)
