"""One change between two states of a contract, as data; and the places from which changes are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from databricks_utils.config.tree import Data, Node
from databricks_utils.contracts.changes.effects import Effect, Level, worst
from databricks_utils.contracts.changes.kinds import KINDS


@dataclass(frozen=True)
class Change:
    """One change.

    Attributes:
        kind: The name of its kind, one of `KINDS`.
        path: What changed, in words: `table orders, column address, field zip`; empty for the contract itself.
        summary: How it changed, in a few words.
        old: The value before, as plain data; None if there was none.
        new: The value now; None if there is none.
        location: `file:line` in the new state, or in the old one if it is removed there.
    """

    kind: str
    path: str
    summary: str
    old: Data
    new: Data
    location: str

    @property
    def consumer(self) -> Effect:
        """What it does to those who read the data."""
        return KINDS[self.kind].consumer

    @property
    def producer(self) -> Effect:
        """What it does to those who write the data."""
        return KINDS[self.kind].producer

    @property
    def effect(self) -> Effect:
        """The worse of the two."""
        return worst((self.consumer, self.producer))

    @property
    def level(self) -> Level:
        """The number of the version that it raises."""
        return KINDS[self.kind].level


@dataclass(frozen=True)
class Spot:
    """A place in both states of a contract.

    Attributes:
        words: What is there, from the outside to the inside: `("table orders", "column price")`.
        old: The place in the old state.
        new: The place in the new state.
        ends: What the relationships of both states lead from and to, by the `id` of their nodes.
    """

    words: tuple[str, ...]
    old: Node
    new: Node
    ends: Mapping[int, str] = field(default_factory=dict, repr=False)

    def inside(self, words: str, old: Node, new: Node) -> "Spot":
        """Return a place inside of this one."""
        return Spot((*self.words, words) if words else self.words, old, new, self.ends)

    def at(self, *keys: str) -> "Spot":
        """Return the place of a key inside of this one; where it is missing, this one."""
        return Spot(self.words, self.old.closest(keys), self.new.closest(keys), self.ends)

    def change(self, kind: str, summary: str, old: Data = None, new: Data = None) -> Change:
        """Return a change at this place.

        Args:
            kind: One of `KINDS`.
            summary: How it changed.
            old: The value before.
            new: The value now.
        """
        assert kind in KINDS, kind
        return Change(kind, ", ".join(self.words), summary, old, new, str(self.new.origin))

    def removed(self, kind: str, summary: str, old: Data = None) -> Change:
        """Return the change that something is gone, at its old place.

        Args:
            kind: One of `KINDS`.
            summary: How it changed.
            old: The value before.
        """
        assert kind in KINDS, kind
        return Change(kind, ", ".join(self.words), summary, old, None, str(self.old.origin))
