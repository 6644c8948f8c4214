"""Checks of the types in a plan's JSON; each refusal says where."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from lakewright.deploy.plan.errors import PlanError
from lakewright.shown_text.printable import printable

UPDATE = "update lakewright, or plan with a Databricks CLI that this version knows (0.284.0 to 1.13)"
_LONGEST = 300
_NAMES = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}


@dataclass(frozen=True)
class Shape:
    """What checks the values of one plan.

    Attributes:
        source: The name of the plan's file.
    """

    source: str

    def refusal(self, summary: str, path: str, *, fix: str = UPDATE, detail: str | None = None) -> PlanError:
        """Return the error that refuses the plan.

        Args:
            summary: What is wrong, after "the plan is refused:".
            path: The key path in the plan.
            fix: What to do.
            detail: More.
        """
        where = printable(f"{self.source}: {path}" if path else self.source)
        return PlanError(
            f"the plan is refused: {printable(summary)[:_LONGEST]}",
            location=where[:_LONGEST],
            detail=detail,
            fix=fix,
        )

    def mapping(self, value: object, path: str) -> Mapping[str, Any]:
        """Return an object."""
        if not isinstance(value, dict):
            raise self._wrong("an object", value, path)
        return value

    def items(self, value: object, path: str) -> list[Any]:
        """Return a list."""
        if not isinstance(value, list):
            raise self._wrong("a list", value, path)
        return value

    def text(self, value: object, path: str) -> str:
        """Return a text."""
        if not isinstance(value, str):
            raise self._wrong("a text", value, path)
        return value

    def truth(self, value: object, path: str) -> bool:
        """Return a boolean."""
        if not isinstance(value, bool):
            raise self._wrong("true or false", value, path)
        return value

    def count(self, value: object, path: str) -> int:
        """Return a number from 0."""
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self._wrong("a number from 0", value, path)
        return value

    def only(self, value: Mapping[str, Any], known: Collection[str], path: str) -> None:
        """Refuse keys that are not known."""
        if unknown := [key for key in value if key not in known]:
            inside = f"{path}.{unknown[0]}" if path else unknown[0]
            raise self.refusal(
                f"the field `{unknown[0]}` is not known", inside, detail=f"known: {', '.join(known)}"
            )

    def _wrong(self, wanted: str, value: object, path: str) -> PlanError:
        found = _NAMES.get(type(value), "a number")
        return self.refusal(f"`{path or 'the whole'}` is {found}, not {wanted}", path)
