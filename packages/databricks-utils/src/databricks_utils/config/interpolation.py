"""Replace `${NAME}` and `${NAME:-default}` in the values of files by environment variables; `$${` gives `${`.

This happens after the merge, so that a variable is needed only if its value is used. Values from variables or arguments
are not changed.

References of a bundle (`${var.x}`) are resolved elsewhere (`lakewright.bundle.resolving.interpolation`): they name values of
the bundle, which can be whole sections, contain references themselves, and form cycles. Here a name is one environment
variable.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from databricks_utils.config.errors import ConfigError, InvalidValueError, UndefinedVariableError
from databricks_utils.config.origin import named
from databricks_utils.config.quick_yaml import scalar
from databricks_utils.config.secrecy import looks_secret
from databricks_utils.config.tree import KeyPath, Node

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

# References of a bundle, `${var.x}`, are not replaced here; the bundle resolves them.
_BUNDLE_SECTION = "bundle_variables"
_BUNDLE_REFERENCE = re.compile(r"\$\{[A-Za-z_][\w-]*\.")


class _MalformedError(Exception):
    """Raised for a `${` that is not a reference."""


class _UndefinedError(Exception):
    """Raised for a variable that is not set and has no default."""


@dataclass
class _Expansion:
    """One text while its references are replaced; `used` collects the variables."""

    environ: Mapping[str, str]
    used: list[str] = field(default_factory=list)

    def expand(self, text: str) -> str:
        parts: list[str] = []
        position = 0
        while (start := text.find("${", position)) >= 0:
            if text[start - 1 : start] == "$" and start > position:
                parts.append(text[position : start - 1] + "${")
                position = start + 2
                continue
            end = _closing(text, start + 2)
            parts.extend((text[position:start], self._value(text[start + 2 : end])))
            position = end + 1
        return "".join(parts) + text[position:]

    def _value(self, reference: str) -> str:
        match = _NAME.match(reference)
        if match is None:
            raise _MalformedError(f"`${{{reference}}}` has no variable's name")
        name, rest = match.group(), reference[match.end() :]
        if rest and not rest.startswith(":-"):
            raise _MalformedError(f"`${{{reference}}}` is neither `${{NAME}}` nor `${{NAME:-default}}`")
        value = self.environ.get(name)
        if rest and not value:
            return self.expand(rest[2:])
        if value is None:
            raise _UndefinedError(name)
        self.used.append(name)
        return value


def _closing(text: str, start: int) -> int:
    depth, position = 1, start
    while position < len(text):
        if text.startswith("${", position):
            depth, position = depth + 1, position + 2
            continue
        if text[position] == "}":
            depth -= 1
            if depth == 0:
                return position
        position += 1
    raise _MalformedError("`${` is never closed by `}`")


def interpolate(tree: Node, environ: Mapping[str, str]) -> tuple[Node, list[ConfigError]]:
    """Replace the references in every text that comes from a file.

    An unquoted scalar is read again afterwards (`cores: ${CORES}` is a number); a quoted one stays text.

    Args:
        tree: The merged tree.
        environ: Environment variables.

    Returns:
        The tree, and its errors: undefined variables, malformed references.
    """
    problems: list[ConfigError] = []
    return _walk(tree, (), environ, problems), problems


def _walk(node: Node, path: KeyPath, environ: Mapping[str, str], problems: list[ConfigError]) -> Node:
    if isinstance(node.value, dict):
        return replace(
            node, value={k: _walk(v, (*path, k), environ, problems) for k, v in node.value.items()}
        )
    if isinstance(node.value, list):
        items = [_walk(v, (*path, str(i)), environ, problems) for i, v in enumerate(node.value)]
        return replace(node, value=items)
    if not isinstance(node.value, str) or node.origin.kind != "file" or "${" not in node.value:
        return node
    if path[0] == _BUNDLE_SECTION and _BUNDLE_REFERENCE.search(node.value):
        return node
    expansion = _Expansion(environ)
    try:
        text = expansion.expand(node.value)
    except (_UndefinedError, _MalformedError) as error:
        problems.append(_problem(error, node, path))
        return node
    return _expanded(node, text, expansion.used, environ)


def _expanded(node: Node, text: str, used: list[str], environ: Mapping[str, str]) -> Node:
    origin = replace(node.origin, through=tuple(named(name, environ) for name in dict.fromkeys(used)))
    secret = any(looks_secret(name) for name in used)
    if node.text is None:
        return replace(node, value=text, origin=origin, secret=secret)
    return Node(scalar(text), origin, text=text, secret=secret)


def _problem(error: Exception, node: Node, path: KeyPath) -> ConfigError:
    key = ".".join(path)
    if isinstance(error, _UndefinedError):
        name = str(error)
        return UndefinedVariableError(
            f"config: `{key}` needs the environment variable {name}, which is not set",
            location=str(node.origin),
            fix=f"export {name}=…, or give a default in the file: ${{{name}:-default}}",
        )
    fix = "write `${NAME}` or `${NAME:-default}`; write `$${` if the value contains the text `${`"
    if _BUNDLE_REFERENCE.search(str(node.value)):
        fix = "write references of the bundle, such as `${var.x}`, only in databricks.yml and `bundle_variables`"
    return InvalidValueError(f"config: `{key}`: {error}", location=str(node.origin), fix=fix)
