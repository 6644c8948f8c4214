"""One process, one JVM: runs the ways alternately and prints a JSON line for each run.

`python -m quality_ways.worker SPECIFICATION`, with the Python that has the other tools; `quality_split.py` starts it.
"""

import dataclasses
import json
import os
import shutil
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from measure import cpu_seconds_of_tree

from quality_ways.checks import checks_of
from quality_ways.orders import write_customers, write_orders
from quality_ways.session import open_session
from quality_ways.task import Outcome, Task
from quality_ways.truth import assert_right, truth
from quality_ways.ways import WAYS, versions

WARM_ROWS = 100_000


def main() -> None:
    """Do what the specification says."""
    specification = json.loads(sys.argv[1])
    _print({"versions": versions()})
    folder = Path(specification["folder"])
    spark = open_session(folder, specification["classpath"])
    try:
        for line in _Series(specification, spark, folder).lines():
            _print(line)
    finally:
        spark.stop()


def _print(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


class _Series:
    """The runs of one series: some numbers of rows, some numbers of rules."""

    def __init__(self, specification: dict[str, Any], spark: Any, folder: Path) -> None:  # noqa: ANN401 - of pyspark, which is imported later
        self._wanted, self._spark, self._folder = specification, spark, folder
        self._names: list[str] = list(specification["ways"])
        self._seconds: dict[tuple[str, int], float] = {}

    def lines(self) -> Iterator[dict[str, Any]]:
        """Yield one line for each run: warm-up first, then each size, every way in turn."""
        for rules in self._wanted["rules"]:
            for name in list(self._names):
                yield {**self._run(name, WARM_ROWS, rules), "warm": True}
        for rows, repeats in self._wanted["rows"]:
            for rules in self._wanted["rules"]:
                yield from self._alternate(rows, rules, repeats)

    def _alternate(self, rows: int, rules: int, repeats: int) -> Iterator[dict[str, Any]]:
        for repeat in range(repeats):
            # Each repetition starts with another way, so none always follows the same one.
            order = [*self._names[repeat % len(self._names) :], *self._names[: repeat % len(self._names)]]
            for name in order:
                expected = self._expected_seconds(name, rows)
                if expected > self._wanted["limit"]:
                    yield {"way": name, "rows": rows, "rules": rules, "skipped": round(expected)}
                    continue
                yield self._run(name, rows, rules)

    def _expected_seconds(self, name: str, rows: int) -> float:
        """How long a way will take: as at the largest measured size, in proportion."""
        known = [(size, seconds) for (way, size), seconds in self._seconds.items() if way == name]
        size, seconds = max(known, default=(rows, 0.0))
        return seconds * max(1, rows / size)

    def _run(self, name: str, rows: int, rules: int) -> dict[str, Any]:
        way, task = WAYS[name], self._task(rows, rules)
        line: dict[str, Any] = {"way": name, "rows": rows, "rules": rules}
        self._spark._jvm.System.gc()
        cpu, clock = cpu_seconds_of_tree(os.getpid()), time.monotonic()
        try:
            found = way.run(task)
            seconds = time.monotonic() - clock
            line |= {"cpu": cpu_seconds_of_tree(os.getpid()) - cpu, "wall": seconds}
            outcome = way.look(task, found)
            wanted = task if way.splits else dataclasses.replace(task, keys=False)
            assert_right(name, outcome, self._truth(wanted), splits=way.splits)
        except Exception:  # noqa: BLE001 - one tool that fails must not end the measurement of the others
            self._names.remove(name)
            return {**line, "error": traceback.format_exc()[-3000:]}
        finally:
            self._spark.catalog.clearCache()
            shutil.rmtree(task.output)
        if rows > WARM_ROWS:  # small runs say nothing about large ones
            self._seconds[name, rows] = seconds
        return {**line, "outcome": dataclasses.asdict(outcome)}

    def _task(self, rows: int, rules: int) -> Task:
        output = self._folder / "output"
        shutil.rmtree(output, ignore_errors=True)  # of a run that was killed
        output.mkdir()
        return Task(
            self._spark,
            write_orders(self._spark, self._folder, rows),
            write_orders(self._spark, self._folder, rows, clean=True),
            write_customers(self._spark, self._folder),
            checks_of(rules),
            self._wanted["keys"],
            output,
        )

    def _truth(self, task: Task) -> Outcome:
        place = (task.orders, len(task.checks), task.keys)
        known: dict[Any, Outcome] = self.__dict__.setdefault("_truths", {})
        if place not in known:
            known[place] = truth(task)
        return known[place]


if __name__ == "__main__":
    main()
