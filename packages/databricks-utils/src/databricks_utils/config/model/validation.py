"""Turn a tree into a model, or raise all of its errors at once."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from databricks_utils.config.errors import ConfigError, raise_all
from databricks_utils.config.files import Search
from databricks_utils.config.model.diagnosis import problem_of
from databricks_utils.config.tree import Data, KeyPath, Node

ModelT = TypeVar("ModelT", bound=BaseModel)

# Free-form mappings, in which `null` is a value; everywhere else it means the default.
_FREE_FORM = frozenset({"extra", "bundle_variables"})


def validate(
    model: type[ModelT], tree: Node, search: Search, *, at: KeyPath = (), known: tuple[ConfigError, ...] = ()
) -> ModelT:
    """Return the part of a tree at `at` as a model.

    Values of variables lose their quotes in the shell: `DBX_CATALOG__SCHEMA_PREFIX="2024"` is read as a number. If the model needs
    text there, it gets the value as written.

    Args:
        model: The model to fill.
        tree: The whole tree, for the origins.
        search: The places that were searched, for the messages.
        at: Path of the part that the model describes.
        known: Problems found earlier; they are raised together with those found here.

    Raises:
        ConfigError: There is a problem; several problems are raised as one error.
    """
    value, details = _attempt(model, tree, at)
    wanted_as_text = [
        (*at, *map(str, detail["loc"])) for detail in details if detail["type"] == "string_type"
    ]
    written = _as_written(tree, wanted_as_text)
    if written is not tree:
        tree = written
        value, details = _attempt(model, tree, at)
    # A reference that could not be resolved may also be a wrong value: report it once.
    reported = {problem.location for problem in known}
    found = [problem_of(model, detail, tree, search, at=at) for detail in details]
    new = [problem for problem in found if problem.location is None or problem.location not in reported]
    raise_all([*known, *new], environment=search.environment)
    assert value is not None
    return value


def _attempt(model: type[ModelT], tree: Node, at: KeyPath) -> tuple[ModelT | None, list[ErrorDetails]]:
    """Validate once. Do not pass on pydantic's exception: its text and traceback would show the values."""
    part = tree.at(at)
    try:
        return model.model_validate(to_data(part, at) if part else {}), []
    except ValidationError as error:
        return None, error.errors(include_url=False)


def to_data(node: Node, path: KeyPath = ()) -> Data:
    """Return a tree as plain data. Each `null` is removed, so that the default applies, except in free-form mappings."""
    if isinstance(node.value, dict):
        free = bool(path) and path[0] in _FREE_FORM
        return {
            key: to_data(child, (*path, key))
            for key, child in node.value.items()
            if free or child.value is not None
        }
    if isinstance(node.value, list):
        return [to_data(child, path) for child in node.value]
    return node.value


def _as_written(tree: Node, paths: list[KeyPath]) -> Node:
    """Return the tree in which the values at the given paths are text as written, if they came from a variable."""
    for path in paths:
        node = tree.at(path)
        if node and node.text is not None and (node.origin.kind == "variable" or node.origin.through):
            tree = tree.put(path, Node(node.text, node.origin, secret=node.secret))
    return tree
