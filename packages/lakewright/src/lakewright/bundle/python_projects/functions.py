"""Which names a module defines, without importing it."""

import ast
from collections.abc import Iterator


def defines(source: bytes, name: str) -> bool:
    """Return whether a module has a name: a function, a class, an import or a variable.

    A module that cannot be parsed, or imports `*`, may have any name.

    Examples:
        >>> defines(b"def load(): ...", "load"), defines(b"from .main import run as go", "go"), defines(b"x = 1", "y")
        (True, True, False)
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return True
    names = {found for node in _top_level(tree) for found in _names(node)}
    return name in names or "*" in names or "__getattr__" in names


def _top_level(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands outside of functions and classes, also in `if` and `try`."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield from _top_level(child)


def _names(node: ast.AST) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    return {node.id} if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else set()
