"""Break a project in one place at a time, and run its quick tests: a break that they do not notice is a gap.

    scripts/mutations.py run                     every mutation whose result is older than the project or the mutation
    scripts/mutations.py run --minutes 4         the same, and stop after four minutes; the next call goes on
    scripts/mutations.py run --only NAME …       some mutations again
    scripts/mutations.py page                    write the page of the last results

The mutations are in `tests/mutations/flights.yaml`. The results are in `tests/mutations/last.json`, and `docs/reference/mutations.md`
shows them; both are committed.
"""

import argparse
import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml
from mutation_page import write_page
from soak_commands import ROOT, CaseFailedError, clean, read_report

PROJECT = ROOT / "examples" / "flights"
MUTATIONS = ROOT / "tests" / "mutations" / "flights.yaml"
RECORD = ROOT / "tests" / "mutations" / "last.json"
PAGE = ROOT / "docs" / "reference" / "mutations.md"
UNCHANGED = "(unchanged)"
_LEFT_OUT = shutil.ignore_patterns(
    ".lakewright", "__pycache__", ".pytest_cache", ".venv", "dist", "mlruns", ".coverage"
)
_TIMEOUT_SECONDS = 900
_QUICK = ("-m", "not slow", "-x", "-q", "-p", "no:cacheprovider", "--no-cov", "--tb=line", "--no-header")


@dataclass(frozen=True)
class Mutation:
    """One break of a project.

    Attributes:
        name: Its name.
        stage: The part of the project that is broken.
        file: The file, relative to the project.
        text: What is replaced; it is in the file exactly once.
        replacement: What it becomes.
        harm: What a user of the broken project suffers.
        survives: Why the quick tests need not notice it; empty if they must.
    """

    name: str
    stage: str
    file: str
    text: str
    replacement: str
    harm: str
    survives: str = ""

    def applied_to(self, content: str) -> str:
        """Return the broken content of the file.

        Raises:
            ValueError: The text is not in the file exactly once, or the broken file is no valid Python or YAML.
        """
        if (count := content.count(self.text)) != 1:
            raise ValueError(
                f"{self.name}: the text is in {self.file} {count} times instead of once: {self.text!r}"
            )
        broken = content.replace(self.text, self.replacement)
        try:
            ast.parse(broken) if self.file.endswith(".py") else yaml.safe_load(broken)
        except (SyntaxError, yaml.YAMLError) as error:
            raise ValueError(
                f"{self.name}: {self.file} is not valid any more, which proves nothing: {error}"
            ) from error
        return broken


def read_mutations(path: Path = MUTATIONS) -> list[Mutation]:
    """Return the mutations in their order."""
    return [Mutation(**entry) for entry in yaml.safe_load(path.read_text(encoding="utf-8"))]


def read_record(path: Path = RECORD) -> dict[str, dict[str, object]]:
    """Return the last result of each mutation by name; empty if there is none."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def fingerprint(project: Path, mutation: Mutation | None) -> str:
    """Return a hash of the project's files and of a mutation: a result with another one is out of date."""
    digest = hashlib.sha256(json.dumps(mutation and asdict(mutation)).encode())
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "."],
        cwd=project,
        capture_output=True,
        check=True,
    )
    for name in sorted(filter(None, listed.stdout.decode().split("\0"))):
        path = project / name
        if path.is_file():
            digest.update(name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


class Trial:
    """A copy of a project in which mutations are tried, with one engine for all runs of its tests.

    Args:
        folder: An empty folder.
        project: The project.
    """

    def __init__(self, folder: Path, project: Path = PROJECT) -> None:
        self._folder, self.copy = folder, folder / "project"
        shutil.copytree(project, self.copy, ignore=_LEFT_OUT)

    def run(self, mutation: Mutation | None) -> dict[str, object]:
        """Run the quick tests with a mutation, or of the unchanged project; return the entry of the record."""
        began = time.monotonic()
        if mutation is None:
            failed = self._first_failure()
        else:
            path = self.copy / mutation.file
            content = path.read_text(encoding="utf-8")
            path.write_text(mutation.applied_to(content), encoding="utf-8")
            try:
                failed = self._first_failure()
            finally:
                path.write_text(content, encoding="utf-8")
        return {
            "result": "killed" if failed else "survived",
            "by": failed,
            "seconds": round(time.monotonic() - began),
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
        }

    def stop(self) -> None:
        """Stop the engine."""
        lake = self._folder / "lakehouse"
        if lake.is_dir():
            lakewright = Path(sys.executable).with_name("lakewright")
            subprocess.run([lakewright, "engine", "stop"], cwd=lake, capture_output=True, check=False)

    def _first_failure(self) -> str:
        """Return the first test that fails, or what kept the tests from running; empty if all pass."""
        report = self._folder / "report.xml"
        report.unlink(missing_ok=True)
        kept = (
            "--keep-engine",
            str(self._folder / "lakehouse"),
            f"--basetemp={self._folder / 'temporary' / 'run'}",
        )
        (self._folder / "temporary").mkdir(exist_ok=True)
        # Python would take the compiled file of a source that was changed twice within one second.
        environ = {**clean(os.environ), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", "pytest", *_QUICK, *kept, f"--junitxml={report}"]
        try:
            done = subprocess.run(
                command,
                cwd=self.copy,
                env=environ,
                capture_output=True,
                text=True,
                check=False,
                timeout=_TIMEOUT_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return "(the time limit)"
        failed = read_report(report).failed if report.is_file() else ()
        if done.returncode == 0:
            return ""
        return failed[0] if failed else f"(pytest, exit code {done.returncode})"


def verdict(mutations: Sequence[Mutation], record: Mapping[str, Mapping[str, object]]) -> str:
    """Return how many mutations were killed, and which survived.

    Raises:
        CaseFailedError: A mutation has no result, survived without a reason, or was killed although it has one; or fewer than
            nine in ten were killed.
    """
    missing = [each.name for each in mutations if each.name not in record]
    if missing:
        raise CaseFailedError(f"{len(missing)} mutations have no result, the first is {missing[0]}")
    survived = [each for each in mutations if record[each.name]["result"] == "survived"]
    unexplained = [each.name for each in survived if not each.survives]
    if unexplained:
        raise CaseFailedError(f"survived without a reason: {', '.join(unexplained)}")
    killed = {each.name for each in mutations} - {each.name for each in survived}
    outdated = sorted(each.name for each in mutations if each.survives and each.name in killed)
    if outdated:
        raise CaseFailedError(
            f"killed although there is a reason to survive; remove it: {', '.join(outdated)}"
        )
    if len(killed) < 0.9 * len(mutations):
        raise CaseFailedError(f"only {len(killed)} of {len(mutations)} mutations were killed")
    names = ", ".join(each.name for each in survived)
    return f"{len(killed)} of {len(mutations)} killed; survived, each with its reason: {names or 'none'}"


def run_mutations(
    folder: Path,
    *,
    only: Sequence[str] = (),
    minutes: float = float("inf"),
    record: Path = RECORD,
    page: Path = PAGE,
) -> None:
    """Run the mutations that have no current result, and write each result at once.

    Args:
        folder: An empty folder for the copy of the project.
        only: Names of mutations to run, also those with a current result; by default all without one.
        minutes: Begin no further mutation after this time.
        record: The file of the results.
        page: The page that shows them.

    Raises:
        CaseFailedError: The quick tests fail in the unchanged project.
    """
    ends = time.monotonic() + 60 * minutes
    mutations = read_mutations()
    pending = _pending(mutations, read_record(record), only)
    trial = Trial(folder)
    try:
        for mutation in pending:
            if time.monotonic() > ends:
                break
            entry = {**trial.run(mutation), "fingerprint": fingerprint(PROJECT, mutation)}
            name = mutation.name if mutation else UNCHANGED
            print(f"{name}: {entry['result']} {entry['by']} ({entry['seconds']} s)", flush=True)
            if mutation is None and entry["result"] == "killed":
                raise CaseFailedError(f"the quick tests fail in the unchanged project: {entry['by']}")
            _write(mutations, {**read_record(record), name: entry}, record)
            write_page(page, mutations, read_record(record))
    finally:
        trial.stop()


def _pending(
    mutations: Sequence[Mutation], record: Mapping[str, Mapping[str, object]], only: Sequence[str]
) -> list[Mutation | None]:
    """Return the mutations to run; None, the unchanged project, comes first."""
    if only:
        return [each for each in mutations if each.name in only]
    every: list[Mutation | None] = [None, *mutations]
    return [
        each
        for each in every
        if record.get(each.name if each else UNCHANGED, {}).get("fingerprint") != fingerprint(PROJECT, each)
    ]


def _write(mutations: Sequence[Mutation], record: Mapping[str, Mapping[str, object]], path: Path) -> None:
    names = [UNCHANGED, *(each.name for each in mutations)]
    kept = {name: record[name] for name in names if name in record}
    path.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Run mutations, or write the page."""
    parser = argparse.ArgumentParser(description="Break the example project in one place at a time.")
    parser.add_argument("command", choices=["run", "page"])
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--minutes", type=float, default=float("inf"))
    given = parser.parse_args(arguments)
    if given.command == "page":
        write_page(PAGE, read_mutations(), read_record())
        return 0
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        run_mutations(Path(folder), only=given.only, minutes=given.minutes)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
