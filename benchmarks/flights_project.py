"""A flights project for a measurement: made from the template, with one month held back that arrives later."""

import os
import subprocess
import sys
from pathlib import Path

from multiplied_flights import multiply_file

HELD_BACK = "2013-12"


class FlightsProject:
    """A project of its own, with an empty lakehouse and no engine.

    Args:
        folder: Where it is made; it must not exist.
        spark_config: Spark settings for `config/local.yaml`.
    """

    def __init__(self, folder: Path, spark_config: dict[str, str] | None = None) -> None:
        self.folder = folder
        self._late = folder.with_name(f"{folder.name}_late")
        lakewright = str(Path(sys.executable).with_name("lakewright"))
        subprocess.run([lakewright, "init", str(folder), "--defaults"], check=True, capture_output=True)
        for path in self._drops(folder / "data" / "landing"):
            target = self._late / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
        if spark_config:
            lines = "".join(f'    {key}: "{value}"\n' for key, value in spark_config.items())
            with (folder / "config" / "local.yaml").open("a", encoding="utf-8") as stream:
                stream.write(f"\nspark:\n  config:\n{lines}")

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a command in it: its own code, and one thread for each process."""
        threads = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_NUM_THREADS": "1"}
        return {"PYTHONPATH": str(self.folder / "src"), **threads}

    def multiply(self, times: int, *, every: int = 1) -> None:
        """Replace the files of flights, also those that come later, by ones with more records of the same statistics.

        Args:
            times: How often each record comes.
            every: Take each such record only.
        """
        if (times, every) == (1, 1):
            return
        for folder in (self.folder, self._late):
            for path in sorted((folder / "data" / "landing" / "flights").glob("*.csv.gz")):
                multiply_file(path, times, every=every)

    def deliver_the_last_month(self) -> None:
        """Let the month arrive that was held back."""
        for path in self._drops(self._late):
            os.replace(path, self.folder / path.relative_to(self._late))  # noqa: PTH105 - a move over folders

    @staticmethod
    def _drops(folder: Path) -> list[Path]:
        return sorted(folder.rglob(f"*_{HELD_BACK}*.csv.gz"))
