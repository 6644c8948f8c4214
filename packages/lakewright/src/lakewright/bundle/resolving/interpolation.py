"""Replacing `${…}` by the value it names: whole values keep their type, references inside text become text.

References to `var`, `variables`, `bundle` and `workspace` are resolved. Those to `resources` stay, since most
are known only after a deployment, but the resource must exist. `{{…}}` is left to the job.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from databricks_utils.nearest import nearest
from lakewright.bundle.model.diagnostic import Location
from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.references import Reference, is_pure, references
from lakewright.bundle.model.tree import Node, Path, format_path, from_plain
from lakewright.bundle.refusals.scripts import is_content
from lakewright.bundle.resolving.kept_references import KEPT, RESOLVED, check_resource, check_root
from lakewright.bundle.rules.references.places.complex_value_in_text import ComplexValueInText
from lakewright.bundle.rules.references.resources.reference_known_only_in_workspace import (
    ReferenceKnownOnlyInWorkspace,
)
from lakewright.bundle.rules.references.unknown_reference import UnknownReference
from lakewright.bundle.rules.variables.cyclic_variables import CyclicVariables
from lakewright.bundle.schema.conversion import number_in_text
from lakewright.bundle.schema.types import fields_of, types

_ZERO: dict[str, Any] = {"str": "", "bool": False, "int": 0, "float": 0.0}
_MOST_ROUNDS = 10
_USER_FIELDS = {
    "id",
    "displayName",
    "name",
    "emails",
    "groups",
    "active",
    "externalId",
    "roles",
    "entitlements",
}


class _UnresolvedError(Exception):
    """Raised when a reference stays as it is; a mistake behind it is reported already."""


@dataclass(frozen=True)
class _Use:
    """Where a reference is used."""

    place: Location | None
    path: Path


def resolve_references(draft: Draft, *, sections: Collection[str] | None = None) -> None:
    """Resolve the references in the tree, or in some of its sections, in place."""
    _Resolver(draft).run(draft.tree.value if sections is None else sections)


class _Resolver:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        # Values are looked up in the tree as it was written, not in one that is half resolved.
        self.source = draft.tree.copy()
        self.cycles: set[frozenset[str]] = set()

    def run(self, sections: Collection[str]) -> None:
        for section, node in self.draft.tree.items():
            if section in sections:
                self.draft.tree.value[section] = self._deep(node, (section,), ())

    def _deep(self, node: Node, path: Path, stack: tuple[str, ...]) -> Node:
        if isinstance(node.value, dict):
            for key, child in list(node.value.items()):
                node.value[key] = self._deep(child, (*path, key), stack)
        elif isinstance(node.value, list):
            node.value = [self._deep(child, (*path, index), stack) for index, child in enumerate(node.value)]
        elif isinstance(node.value, str) and "${" in node.value and not is_content(path):
            return self._text(node, path, stack)
        return node

    def _text(self, node: Node, path: Path, stack: tuple[str, ...], rounds: int = _MOST_ROUNDS) -> Node:
        """Resolve one string; if a replacement makes a new reference (`${var.a_${var.b}}`), that is resolved too."""
        text = node.value
        found = references(text)
        path = self._written_at(path)
        if is_pure(text):
            try:
                value = self._lookup(found[0], node.location, path, stack)
            except _UnresolvedError:
                return node
            return Node(value.value, node.locations, value.keys)
        for reference in found:
            try:
                value = self._lookup(reference, node.location, path, stack)
                text = text.replace(reference.text, self._as_text(value, reference, node, path), 1)
            except _UnresolvedError:
                continue
        resolved = Node(text, node.locations)
        again = text != node.value and rounds > 0 and references(text)
        return self._text(resolved, path, stack, rounds - 1) if again else resolved

    def _written_at(self, path: Path) -> Path:
        """Return the path of the default that a variable's value is a copy of, so that a mistake is reported once."""
        if len(path) < 3 or (path[0], path[2]) != ("variables", "value"):
            return path
        default = (*path[:2], "default", *path[3:])
        written, copied = self.source.get(*default), self.source.get(*path)
        is_copy = written is not None and copied is not None and written.locations == copied.locations
        return default if is_copy else path

    def _as_text(self, value: Node, reference: Reference, node: Node, path: Path) -> str:
        if isinstance(value.value, dict | list):
            where = format_path(path)
            self.draft.add(ComplexValueInText.of(value.kind, reference.text, node.location, where))
            raise _UnresolvedError
        if isinstance(value.value, bool):
            return "true" if value.value else "false"
        if isinstance(value.value, float):
            return number_in_text(value.value)
        return "<nil>" if value.value is None else str(value.value)

    def _lookup(
        self, reference: Reference, place: Location | None, path: Path, stack: tuple[str, ...]
    ) -> Node:
        target = reference.path
        root = reference.root
        if root in KEPT:
            check_resource(self.draft, reference, place, path)
            raise _UnresolvedError
        if root not in RESOLVED or len(target) < 2:
            check_root(self.draft, reference, place, path)
            raise _UnresolvedError
        if reference.name in stack:
            self._cycle((*stack, reference.name), place)
            raise _UnresolvedError
        stack = (*stack, reference.name)
        node = self.source
        for depth, step in enumerate(target):
            child = node.get(step)
            if child is None:
                return self._absent(reference, depth, node, _Use(place, path))
            if isinstance(child.value, str) and references(child.value):
                is_last = depth + 1 == len(target)
                if not is_last and path[0] != "resources":
                    self._refuse_to_look_inside(reference, depth, child, _Use(place, path))
                child = self._text(child, target[: depth + 1], stack)
                self._check_resolved(child, last=is_last)
            node = child
        return self._deep(node.copy(), target, stack) if isinstance(node.value, dict | list) else node

    def _refuse_to_look_inside(self, reference: Reference, depth: int, node: Node, use: "_Use") -> None:
        """Raise an error for a field of a value that is a reference itself.

        The CLI resolves the references of all sections but `resources` at once, before it knows such values.
        """
        rest = format_path(reference.path[depth + 1 :])
        dot = "" if rest.startswith("[") else "."
        direct = f"${{{references(node.value)[0].name}{dot}{rest}}}" if is_pure(node.value) else None
        target = format_path(reference.path[: depth + 2])
        where = format_path(use.path)
        self.draft.add(UnknownReference.of_field(reference.text, target, direct, use.place, where))
        raise _UnresolvedError

    @staticmethod
    def _check_resolved(node: Node, *, last: bool) -> None:
        """Raise an error if a value is a reference that was not resolved."""
        if isinstance(node.value, str) and is_pure(node.value):
            root = references(node.value)[0].path[0]
            if not last or root in RESOLVED:
                raise _UnresolvedError

    def _absent(self, reference: Reference, depth: int, node: Node, use: "_Use") -> Node:
        """Return the empty value of a known field that is not set; report anything else."""
        target = reference.path
        if (
            target[0] == "variables"
            and depth == 2
            and self.draft.tree.get("variables", target[1]) is not None
        ):
            raise _UnresolvedError
        if target[:2] == ("workspace", "current_user") and depth == 2 and target[2] in _USER_FIELDS:
            where = format_path(use.path)
            self.draft.add(ReferenceKnownOnlyInWorkspace.of(reference.text, use.place, where))
            raise _UnresolvedError
        known, zero = _empty_value(target)
        if known:
            return from_plain(zero)
        if target[0] == "variables" and self.draft.has_unread_files:
            raise _UnresolvedError  # it may be declared there
        candidates = list(node.value) if node.is_map else []
        if depth == 1 and target[0] in {"bundle", "workspace"}:
            candidates += list(fields_of(target[0].capitalize()))
        names = nearest(str(target[depth]), candidates)
        near = [f"`{reference.text.replace(str(target[depth]), name, 1)}`" for name in names]
        otherwise = self._declare(reference, target, depth)
        where = format_path(use.path)
        self.draft.add(UnknownReference.of(reference.text, near, otherwise, use.place, where))
        raise _UnresolvedError

    @staticmethod
    def _declare(reference: Reference, target: Path, depth: int) -> str:
        if target[0] == "variables" and depth == 1:
            return f"declare it: `variables: {{{target[1]}: {{default: …}}}}`"
        return f"correct or remove {reference.text}"

    def _cycle(self, chain: tuple[str, ...], place: Location | None) -> None:
        """Report a circle once, whichever of its references comes first."""
        loop = chain[chain.index(chain[-1]) :]
        if frozenset(loop) in self.cycles:
            return
        self.cycles.add(frozenset(loop))
        names = [name.removeprefix("var.") for name in loop]
        path = f"variables.{names[0]}" if loop[0].startswith("var.") else None
        declared = self.draft.place(f"{path}.default") if path else None
        self.draft.add(CyclicVariables.of(names, declared or place, path))


def _empty_value(target: Path) -> tuple[bool, Any]:
    """Return whether a path names a known field, and that field's empty value."""
    kind = "Root"
    for step in target:
        if kind == "any" or isinstance(step, int):
            return False, None
        if kind.startswith("{"):
            return False, None
        fields = types().get(kind, {}).get("fields", {})
        if step not in fields:
            return False, None
        kind = fields[step]
    if kind == "any":
        return False, None
    if kind.startswith("["):
        return True, []
    return True, _ZERO.get(kind, "" if "enum" in types().get(kind, {}) else {})
