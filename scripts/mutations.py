"""Break the example project in one place at a time, and run its quick tests: a break that they do not notice is a gap.

    scripts/mutations.py run                     every mutation whose result is older than the project or the mutation
    scripts/mutations.py run --minutes 4         the same, and begin none after four minutes; the next call goes on
    scripts/mutations.py run --only NAME …       some mutations, also those with a current result
    scripts/mutations.py page                    write the page of the last results

The results are in `tests/mutations/last.json`, and `docs/reference/mutations.md` shows them; both are committed.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mutation_list import Mutation, fingerprint, read_mutations
from mutation_page import page
from mutation_trial import Trial
from soak_commands import ROOT, CaseFailedError

PROJECT = ROOT / "examples" / "flights"
MUTATIONS = ROOT / "tests" / "mutations" / "flights.yaml"
RECORD = ROOT / "tests" / "mutations" / "last.json"
PAGE = ROOT / "docs" / "reference" / "mutations.md"
UNCHANGED = "(unchanged)"
_LEAST_SHARE = 0.9

Record = Mapping[str, Mapping[str, object]]


def read_record() -> dict[str, dict[str, object]]:
    """Return the last result of each mutation by name; empty if there is none."""
    return json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.is_file() else {}


def write_record(mutations: Sequence[Mutation], record: Record) -> None:
    """Write the results and their page; a mutation that no longer exists leaves them."""
    names = [UNCHANGED, *(each.name for each in mutations)]
    kept = {name: record[name] for name in names if name in record}
    RECORD.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(page(mutations, kept), encoding="utf-8")


def verdict(mutations: Sequence[Mutation], record: Record) -> str:
    """Return how many mutations were killed, and which survived.

    Raises:
        CaseFailedError: A mutation has no result, survived without a reason, or was killed although it has one; or fewer than
            nine in ten were killed.
    """
    missing = [each.name for each in mutations if each.name not in record]
    if missing:
        raise CaseFailedError(f"{len(missing)} mutations have no result: {', '.join(missing[:3])}")
    survived = [each for each in mutations if record[each.name]["result"] == "survived"]
    if unexplained := [each.name for each in survived if not each.survives]:
        raise CaseFailedError(f"survived without a reason: {', '.join(unexplained)}")
    if outdated := [each.name for each in mutations if each.survives and each not in survived]:
        raise CaseFailedError(f"killed, so remove its reason to survive: {', '.join(outdated)}")
    killed = len(mutations) - len(survived)
    if killed < _LEAST_SHARE * len(mutations):
        raise CaseFailedError(f"only {killed} of {len(mutations)} mutations were killed")
    names = ", ".join(each.name for each in survived) or "none"
    return f"{killed} of {len(mutations)} killed; survived, each with its reason: {names}"


def run_mutations(folder: Path, *, only: Sequence[str] = (), minutes: float = float("inf")) -> None:
    """Run mutations, and write each result at once.

    The unchanged project is tried before them and after them: if its tests fail on an engine that has run others, so would they with
    any mutation.

    Args:
        folder: An empty folder for the copy of the project.
        only: Names of mutations; by default all without a current result, and the unchanged project first.
        minutes: Begin no further mutation after this time.

    Raises:
        CaseFailedError: The quick tests fail in the unchanged project; the results of this call are forgotten.
    """
    ends, mutations = time.monotonic() + 60 * minutes, read_mutations(MUTATIONS)
    trial, before = Trial(folder, PROJECT), read_record()
    pending = list(_pending(mutations, only))
    if not pending or time.monotonic() > ends:
        return
    try:
        for mutation in [None, *pending, None]:
            if mutation and time.monotonic() > ends:
                continue
            name = mutation.name if mutation else UNCHANGED
            entry = {**trial.run(mutation), "fingerprint": fingerprint(PROJECT, mutation)}
            print(f"{name}: {entry['result']} {entry['by']} ({entry['seconds']} s)", flush=True)
            if mutation is None and entry["by"]:
                write_record(mutations, before)
                raise CaseFailedError(f"the quick tests fail in the unchanged project: {entry['by']}")
            write_record(mutations, {**read_record(), name: entry})
    finally:
        trial.stop()


def _pending(mutations: Sequence[Mutation], only: Sequence[str]) -> Iterator[Mutation]:
    """Yield the mutations to run."""
    record = read_record()
    for each in mutations:
        known = record.get(each.name, {}).get("fingerprint")
        if each.name in only or (not only and known != fingerprint(PROJECT, each)):
            yield each


def main(arguments: Sequence[str]) -> int:
    """Run mutations, or write the page."""
    parser = argparse.ArgumentParser(description="Break the example project in one place at a time.")
    parser.add_argument("command", choices=["run", "page"])
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--minutes", type=float, default=float("inf"))
    given = parser.parse_args(arguments)
    if given.command == "page":
        write_record(read_mutations(MUTATIONS), read_record())
        return 0
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        run_mutations(Path(folder), only=given.only, minutes=given.minutes)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
