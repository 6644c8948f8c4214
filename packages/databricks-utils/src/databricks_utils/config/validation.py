"""A tree becomes a model; what pydantic refuses becomes errors with file, line and fix."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from databricks_utils.config.errors import ConfigError, raise_all
from databricks_utils.config.problems import problem_of
from databricks_utils.config.search import Search
from databricks_utils.config.tree import Data, KeyPath, Node

ModelT = TypeVar("ModelT", bound=BaseModel)

# Free-form mappings, in which `null` is a value; elsewhere it means "back to the default".
_FREE_FORM = frozenset({"extra", "bundle_variables"})


def validate(
    model: type[ModelT], tree: Node, search: Search, *, at: KeyPath = (), known: tuple[ConfigError, ...] = ()
) -> ModelT:
    """Validate the part of a tree that lies at `at`.

    Text that was read as a number or a bool, and is wanted as text, is taken as it was written where it comes from
    a variable: `DBX_CATALOG__SCHEMA_PREFIX=2024` has no quotes to put.

    Args:
        model: The model to fill.
        tree: The whole tree, for the origins.
        search: The places that were looked in, for the errors.
        at: Path of the part that the model describes.
        known: Problems found before, to be told together with what is found here.

    Raises:
        ConfigError: Something is wrong; several things are told at once.
    """
    value, details = _attempt(model, tree, at)
    wanted_as_text = [
        (*at, *map(str, detail["loc"])) for detail in details if detail["type"] == "string_type"
    ]
    written = _as_written(tree, wanted_as_text)
    if written is not tree:
        tree = written
        value, details = _attempt(model, tree, at)
    # A reference that could not be resolved was left as it stands, and may be a wrong value too: told once.
    told = {problem.location for problem in known}
    found = [problem_of(model, detail, tree, search, at=at) for detail in details]
    new = [problem for problem in found if problem.location is None or problem.location not in told]
    raise_all([*known, *new], environment=search.environment)
    assert value is not None
    return value


def _attempt(model: type[ModelT], tree: Node, at: KeyPath) -> tuple[ModelT | None, list[ErrorDetails]]:
    """Try once; pydantic's error ends here, since its text, and a traceback with it, would show the values."""
    part = tree.at(at)
    try:
        return model.model_validate(to_data(part, at) if part else {}), []
    except ValidationError as error:
        return None, error.errors(include_url=False)


def to_data(node: Node, path: KeyPath = ()) -> Data:
    """Strip a tree to plain data; `null` is dropped, so that the default stands, but in free-form mappings."""
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
    """Put text back as it was written, at those paths whose value came without quotes from a variable."""
    for path in paths:
        node = tree.at(path)
        if node and node.text is not None and (node.origin.kind == "variable" or node.origin.through):
            tree = tree.put(path, Node(node.text, node.origin, secret=node.secret))
    return tree
