"""The value of `--timeout`: seconds, at least one."""

import math

import click


class Seconds(click.FloatRange):
    """A finite number of seconds, at least one."""

    def __init__(self) -> None:
        """Set the least value."""
        super().__init__(min=1)

    def convert(self, value: float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number; `nan` is below and above no limit, so that the range alone would accept it."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a finite number of seconds.", param, ctx)
        return number
