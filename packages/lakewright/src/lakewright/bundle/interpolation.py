"""Replacing `${…}` by what it names: whole values keep their type, references inside text become text.

References to `var`, `variables`, `bundle` and `workspace` are resolved. Those to `resources` stay, since most
are known only after a deployment, but what they name must exist; `{{…}}` is the job's own business.
"""

from dataclasses import dataclass
from typing import Any

from databricks_utils.nearest import did_you_mean, nearest
from lakewright.bundle.draft import Draft
from lakewright.bundle.model import Location
from lakewright.bundle.references import Reference, is_pure, references
from lakewright.bundle.schema import fields_of, format_number, resource_types, types
from lakewright.bundle.tree import Node, Path, format_path, from_plain

_RESOLVED = {"var", "variables", "bundle", "workspace"}
_KEPT = {"resources", "artifacts"}
_ROOTS = sorted(_RESOLVED | _KEPT)
_ZERO: dict[str, Any] = {"str": "", "bool": False, "int": 0, "float": 0.0}
# Shell text: `${…}` there belongs to the shell unless it names something of the bundle.
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
_SHELL = ("scripts", "artifacts", "experimental")


class _UnresolvedError(Exception):
    """Raised when a reference stays as it is; the reason was reported where there is one."""


@dataclass(frozen=True)
class _Use:
    """Where a reference is used."""

    place: Location | None
    path: Path


def resolve_references(draft: Draft) -> None:
    """Resolve all references in the tree, in place."""
    _Resolver(draft).run()


class _Resolver:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.source = (
            draft.tree.copy()
        )  # references are looked up in what was written, not in what is half resolved
        self.cycles: set[frozenset[str]] = set()

    def run(self) -> None:
        for section, node in self.draft.tree.items():
            self.draft.tree.value[section] = self._deep(node, (section,), ())

    def _deep(self, node: Node, path: Path, stack: tuple[str, ...]) -> Node:
        if isinstance(node.value, dict):
            for key, child in list(node.value.items()):
                node.value[key] = self._deep(child, (*path, key), stack)
        elif isinstance(node.value, list):
            node.value = [self._deep(child, (*path, index), stack) for index, child in enumerate(node.value)]
        elif isinstance(node.value, str) and "${" in node.value:
            return self._text(node, path, stack)
        return node

    def _text(self, node: Node, path: Path, stack: tuple[str, ...], rounds: int = _MOST_ROUNDS) -> Node:
        """Resolve one string; what a replacement makes a reference (`${var.a_${var.b}}`) is resolved in turn."""
        text = node.value
        found = references(text)
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

    def _as_text(self, value: Node, reference: Reference, node: Node, path: Path) -> str:
        if isinstance(value.value, dict | list):
            self.draft.error(
                f"cannot put the {value.kind} `{reference.text}` into a text",
                location=node.location,
                path=format_path(path),
                fix=f"use `{reference.text}` alone as the whole value, or name one of its fields",
            )
            raise _UnresolvedError
        if isinstance(value.value, bool):
            return "true" if value.value else "false"
        if isinstance(value.value, float):
            return format_number(value.value)
        return "<nil>" if value.value is None else str(value.value)

    def _lookup(
        self, reference: Reference, place: Location | None, path: Path, stack: tuple[str, ...]
    ) -> Node:
        target = reference.path
        root = reference.name.partition(".")[0].partition("[")[0]
        if root in _KEPT:
            self._check_resource(reference, place, path)
            raise _UnresolvedError
        if root not in _RESOLVED or len(target) < 2:
            self._unknown_root(reference, root, place, path)
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
                child = self._text(child, target[: depth + 1], stack)
                self._demand_resolved(child, last=depth + 1 == len(target))
            node = child
        return self._deep(node.copy(), target, stack) if isinstance(node.value, dict | list) else node

    @staticmethod
    def _demand_resolved(node: Node, *, last: bool) -> None:
        """Give up where a value is still a reference: nothing below it can be named, nor is it a value itself."""
        if isinstance(node.value, str) and is_pure(node.value):
            root = references(node.value)[0].path[0]
            if not last or root in _RESOLVED:
                raise _UnresolvedError

    def _absent(self, reference: Reference, depth: int, node: Node, use: "_Use") -> Node:
        """Return the empty value of a known field that nobody set; anything else is a mistake."""
        target = reference.path
        if (
            target[0] == "variables"
            and depth == 2
            and self.draft.tree.get("variables", target[1]) is not None
        ):
            raise _UnresolvedError
        if target[:2] == ("workspace", "current_user") and depth == 2 and target[2] in _USER_FIELDS:
            self.draft.recommend(
                f"{reference.text} is known only in a workspace and stays as it is",
                location=use.place,
                path=format_path(use.path),
                fix="use `${workspace.current_user.short_name}` or `.userName`, which are known here",
            )
            raise _UnresolvedError
        known, zero = _empty_value(target)
        if known:
            return from_plain(zero)
        candidates = list(node.value) if node.is_map else []
        if depth == 1 and target[0] in {"bundle", "workspace"}:
            candidates += list(fields_of(target[0].capitalize()))
        names = nearest(str(target[depth]), candidates)
        fixed = [f"`{reference.text.replace(str(target[depth]), name, 1)}`" for name in names]
        self.draft.error(
            f"reference does not exist: {reference.text}",
            location=use.place,
            path=format_path(use.path),
            fix=f"did you mean {' or '.join(fixed)}?" if fixed else self._declare(reference, target, depth),
        )
        raise _UnresolvedError

    @staticmethod
    def _declare(reference: Reference, target: Path, depth: int) -> str:
        if target[0] == "variables" and depth == 1:
            return f"declare it: `variables: {{{target[1]}: {{default: …}}}}`"
        return f"correct or remove {reference.text}"

    def _cycle(self, chain: tuple[str, ...], place: Location | None) -> None:
        loop = chain[chain.index(chain[-1]) :]
        if frozenset(loop) in self.cycles:
            return
        self.cycles.add(frozenset(loop))
        names = [name.removeprefix("var.") for name in loop]
        declared = self.draft.place(f"variables.{names[0]}.default") if loop[0].startswith("var.") else None
        self.draft.error(
            f"cycle of variables: {' → '.join(names)}",
            location=declared or place,
            path=f"variables.{names[0]}" if loop[0].startswith("var.") else None,
            fix=f"give one of them a value of its own: {', '.join(f'`{name}`' for name in names[:-1])}",
        )

    def _check_resource(self, reference: Reference, place: Location | None, path: Path) -> None:
        target = reference.path
        if target[0] != "resources" or len(target) < 3:
            return
        kind, key = str(target[1]), str(target[2])
        where = format_path(path)
        if kind not in resource_types():
            fix = did_you_mean(kind, resource_types()) or "name a kind of resource, such as `jobs`"
            self.draft.error(
                f"{reference.text}: there is no kind of resource `{kind}`",
                location=place,
                path=where,
                fix=fix,
            )
            return
        section = self.draft.tree.get("resources", kind)
        known = list(section.value) if section and section.is_map else []
        if key not in known and not self._has_python_resources():
            names = nearest(key, known)
            fixed = [f"`{reference.text.replace(f'.{key}', f'.{name}', 1)}`" for name in names]
            self.draft.error(
                f"reference does not exist: {reference.text}",
                detail=f"`resources.{kind}` holds {', '.join(known) or 'nothing'}",
                location=place,
                path=where,
                fix=f"did you mean {' or '.join(fixed)}?"
                if fixed
                else f"define `resources.{kind}.{key}`, or correct the name",
            )

    def _has_python_resources(self) -> bool:
        """Whether resources may also come from Python code, which is not run here."""
        tree = self.draft.tree
        return bool(tree.plain("python", "resources") or tree.plain("experimental", "python", "resources"))

    def _unknown_root(self, reference: Reference, root: str, place: Location | None, path: Path) -> None:
        near = nearest(root, _ROOTS)
        if path[0] in _SHELL or ("." not in reference.name and not near):
            return
        fix = None
        if root == "env":
            name = reference.name.partition(".")[2]
            fix = f"declare a variable and set it from the environment: `export BUNDLE_VAR_{name}=…`, then `${{var.{name}}}`"
        elif near:
            fix = f"did you mean `{reference.text.replace(root, near[0], 1)}`?"
        self.draft.warn(
            f"{reference.text} is not a reference of a bundle and stays as it is",
            detail=f"references begin with {', '.join(_ROOTS)}",
            location=place,
            path=format_path(path),
            fix=fix or "remove it, or declare a variable",
        )


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
