"""Which function answers which call."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workspace_fake.bodies import Fields, check_body
from workspace_fake.errors import ApiError, malformed
from workspace_fake.people import Principal

if TYPE_CHECKING:
    from workspace_fake.state import State


@dataclass
class Call:
    """One call: who asks for what.

    Attributes:
        state: What the workspace holds.
        caller: Who asks.
        vars: The variable parts of the path.
        query: The query's parameters.
        body: The JSON body, as an object; empty without one.
        data: The body's bytes.
        ignored: Fields of the body that the API does not know.
    """

    state: "State"
    caller: Principal
    vars: dict[str, str]
    query: dict[str, str]
    body: dict[str, Any]
    data: bytes
    ignored: list[str] = field(default_factory=list)

    def checked(self, fields: Fields, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return the body after it was compared with its fields; `without` are those that stand in the path."""
        wanted = Fields(fields.types, fields.required - set(without))
        self.ignored += check_body(self.body, wanted)
        return {
            name: value for name, value in self.body.items() if name in wanted.types and value is not None
        }

    def number(self, name: str) -> int:
        """Return a number from the query or the body."""
        value = self.query.get(name, self.body.get(name))
        try:
            return int(str(value))
        except (TypeError, ValueError):
            raise malformed(
                f"Could not parse request object: expected 'INT' at '{name}', found {value!r}"
            ) from None

    @property
    def is_forced(self) -> bool:
        return self.query.get("force") == "true"


Handler = Callable[[Call], Any]


@dataclass
class Routes:
    """The calls that are answered."""

    found: list[tuple[str, re.Pattern[str], Handler]] = field(default_factory=list)

    def __call__(self, method: str, *paths: str) -> Callable[[Handler], Handler]:
        """Register a function for a method and paths; `{name}` is a part, `{name...}` is the rest."""

        def register(handler: Handler) -> Handler:
            for path in paths:
                pattern = re.sub(r"\\\{(\w+)\\\.\\\.\\\.\\\}", r"(?P<\1>.+)", re.escape(path))
                pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", pattern)
                self.found.append((method, re.compile(pattern), handler))
            return handler

        return register

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, str]] | None:
        for known, pattern, handler in self.found:
            if known == method and (match := pattern.fullmatch(path)):
                return handler, match.groupdict()
        return None


routes = Routes()
__all__ = ["ApiError", "Call", "Handler", "Routes", "routes"]
