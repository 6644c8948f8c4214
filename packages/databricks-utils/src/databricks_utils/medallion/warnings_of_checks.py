"""What checks of whole tables found that only warn."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Warnings:
    """What checks found that only warn, one line each.

    Attributes:
        lasting: Of the rows: it stays as long as they do.
        of_time: Of the time of the check, such as old rows.
    """

    lasting: tuple[str, ...] = ()
    of_time: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.lasting, *self.of_time)

    @classmethod
    def together(cls, found: "Iterable[Warnings]") -> "Warnings":
        """Return the warnings of several tables as one."""
        each = list(found)
        lasting = tuple(line for item in each for line in item.lasting)
        return cls(lasting, tuple(line for item in each for line in item.of_time))
