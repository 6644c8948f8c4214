"""The record of `make soak`, `tests/soak/last.json`, and the page of the documentation that shows it."""

import json
import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from soak_commands import ROOT, CaseFailedError

RECORD = ROOT / "tests" / "soak" / "last.json"
PAGE = ROOT / "docs" / "reference" / "soak.md"
# Files that cases write, with their results.
_WRITTEN = (
    "tests/soak/last.json",
    "docs/reference/soak.md",
    "tests/mutations/last.json",
    "docs/reference/mutations.md",
)


@dataclass(frozen=True)
class Case:
    """One case.

    Attributes:
        name: Part and case: `python/3.13`.
        what: What it checks.
        run: Runs the case in an empty folder, and returns a note for the record.
    """

    name: str
    what: str
    run: Callable[[Path], str]


def run(case: Case) -> dict[str, object]:
    """Run a case and return its entry of the record."""
    began, before = time.monotonic(), commit()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        try:
            verdict, note = "passed", case.run(Path(folder))
        except CaseFailedError as error:
            verdict, note = "failed", str(error)
    return {
        "result": verdict,
        "note": note,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "minutes": round((time.monotonic() - began) / 60, 1),
        "commit": before if before == commit() else f"{before.removesuffix('-dirty')}-dirty",
        "machine": machine(),
    }


def commit(root: Path = ROOT) -> str:
    """Return the commit of the workspace, with `-dirty` if a file differs from it other than the results of cases."""
    others = [f":(exclude){path}" for path in _WRITTEN]
    changed = _git(root, "status", "--porcelain", "--", ".", *others)
    return _git(root, "rev-parse", "--short", "HEAD") + ("-dirty" if changed else "")


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=root, capture_output=True, text=True, check=True
    ).stdout.strip()


def machine() -> str:
    """Describe this machine in a line."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def page(record: Mapping[str, Mapping[str, object]], known: Sequence[Case]) -> str:
    """Return the page that shows a record."""
    lines = [
        "# Last results of `make soak`",
        "",
        "What takes too long for each change runs apart, case by case: `make soak`, or `make soak PART=kills`. This page is made from",
        "`tests/soak/last.json` by the same command. A result holds for the commit beside it.",
        "",
        "| case | shows | result | date | commit | minutes | machine | note |",
        "|---|---|---|---|---|---:|---|---|",
    ]
    for case in known:
        entry = record.get(case.name)
        columns = ("result", "date", "commit", "minutes", "machine", "note")
        shown = [str(entry[column]) for column in columns] if entry else ["not run", "", "", "", "", ""]
        cells = [
            f"`{case.name}`",
            case.what,
            *(cell.replace("|", r"\|").replace("\n", " ") for cell in shown),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def read_record() -> dict[str, dict[str, object]]:
    """Read the committed record; empty where there is none."""
    return json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.is_file() else {}


def write_record(record: Mapping[str, Mapping[str, object]], known: Sequence[Case]) -> None:
    """Write the record and its page; a case that no longer exists leaves the record."""
    kept = {case.name: record[case.name] for case in known if case.name in record}
    RECORD.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    PAGE.write_text(page(kept, known), encoding="utf-8")
