"""Write what `lakewright validate` or `grants check` prints for the failing example of each rule; a unit test compares the files."""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from rule_examples import SNAPSHOTS, printed_by, snapshot_of  # noqa: E402 - the folder is known from here on

from lakewright.bundle.rules.registry import all_rules  # noqa: E402 - as above


def main() -> None:
    """Write one file for each rule; remove the files of rules that no longer exist."""
    SNAPSHOTS.mkdir(exist_ok=True)
    written = set()
    for rule in all_rules():
        with tempfile.TemporaryDirectory() as folder:
            snapshot_of(rule).write_text(printed_by(rule, Path(folder)), encoding="utf-8")
        written.add(snapshot_of(rule))
    for file in set(SNAPSHOTS.iterdir()) - written:
        file.unlink()


if __name__ == "__main__":
    main()
