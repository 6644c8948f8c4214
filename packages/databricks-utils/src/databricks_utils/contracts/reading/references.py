"""Shared fragments: `$ref: path/to/file.yaml#/key/0/other` stands for the value at that place, beside which own keys win."""

from pathlib import Path

from databricks_utils.config.errors import ConfigError, ConfigFileError
from databricks_utils.config.origin import shown
from databricks_utils.config.tree import Node
from databricks_utils.config.yaml_reader import read_file
from databricks_utils.contracts.errors import ContractFileError, ContractReferenceError
from databricks_utils.nearest import choose_from

_REFERENCE = "$ref"
_LONGEST = 300  # characters of a message


def read_whole(file: Path, *, project: Path) -> Node:
    """Return the tree of a contract, with the value of each `$ref` in its place; every node has its own file and line.

    Args:
        file: The contract.
        project: The folder that references must not leave.

    Raises:
        ContractFileError: The file, or one that it refers to, cannot be read or is not valid YAML.
        ContractReferenceError: A `$ref` leads nowhere, in a circle, or out of the project.
    """
    return _Resolution(project.resolve()).resolve(_read(file), file.resolve(), ())


class _Resolution:
    """Replaces the references of one contract; a file is read once."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._files: dict[Path, Node] = {}

    def resolve(self, node: Node, file: Path, open_: tuple[tuple[Path, str], ...]) -> Node:
        """Return the node without references.

        Args:
            node: The node.
            file: The file it was read from.
            open_: The places that are being replaced just now.
        """
        if isinstance(node.value, list):
            return Node([self.resolve(item, file, open_) for item in node.value], node.origin)
        if not isinstance(node.value, dict):
            return node
        own = {
            key: self.resolve(child, file, open_) for key, child in node.value.items() if key != _REFERENCE
        }
        if _REFERENCE not in node.value:
            return Node(own, node.origin)
        there = self._follow(node.value[_REFERENCE], file, open_)
        if not own:
            return there
        if not isinstance(there.value, dict):
            raise _refuse(
                node.value[_REFERENCE],
                "keys beside a `$ref` to a single value or a list",
                "remove the other keys",
            )
        return Node({**there.value, **own}, node.origin)

    def _follow(self, reference: Node, file: Path, open_: tuple[tuple[Path, str], ...]) -> Node:
        text = reference.value
        if not isinstance(text, str) or not text:
            raise _refuse(reference, "a `$ref` must be text", "write `path/to/file.yaml#/key`")
        name, _, pointer = text.partition("#")
        if "://" in name or (pointer and not pointer.startswith("/")):
            raise _refuse(
                reference,
                f"`{text}` is not of the form `path/to/file.yaml#/key`",
                "name a file of the project, then `#/` and keys",
            )
        try:
            target = (file.parent / name).resolve() if name else file
        except (OSError, ValueError) as error:
            raise _refuse(
                reference, f"`{text[:80]}` is no path: {error}", "write `path/to/file.yaml#/key`"
            ) from error
        if not target.is_relative_to(self._project):
            raise _refuse(
                reference,
                f"`{text}` is outside of the project",
                f"move the fragment below {shown(self._project)}",
            )
        place = (target, pointer)
        if place in open_:
            raise _refuse(reference, f"`{text}` leads back to itself", "write the value at one of the places")
        if target not in self._files:
            self._files[target] = _read(target, reference)
        return self.resolve(self._at(self._files[target], pointer, reference), target, (*open_, place))

    def _at(self, root: Node, pointer: str, reference: Node) -> Node:
        node = root
        for part in pointer.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")  # as RFC 6901 writes `/` and `~`
            known = dict(node.items())
            if key not in known:
                raise _refuse(
                    reference,
                    f"`{reference.value}` leads nowhere: there is no `{key}`",
                    choose_from(key, known) or "name a place that has keys",
                )
            node = known[key]
        return node


def _read(file: Path, reference: Node | None = None) -> Node:
    try:
        return read_file(file)
    except ConfigError as error:
        unreadable = isinstance(error, ConfigFileError)
        raise ContractFileError(
            error.summary.removeprefix("config: ")[:_LONGEST],
            detail=error.detail,
            location=str(reference.origin) if reference and unreadable else error.location,
            fix=(error.fix or "")[:_LONGEST],
        ) from error


def _refuse(reference: Node, problem: str, fix: str) -> ContractReferenceError:
    return ContractReferenceError(problem, location=str(reference.origin), fix=fix)
