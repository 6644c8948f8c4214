"""Recognise secrets, hide them, and resolve references to them.

No file needs to contain a secret: `${NAME}` reads it from the environment; `secret://scope/key` names it in a Databricks secret
scope, which is read when the secret is used; `{{secrets/scope/key}}` is Spark's own form for cluster settings.
"""

import re
import warnings
from collections.abc import Callable, Iterator

from pydantic import SecretStr

from databricks_utils.config.errors import InvalidValueError
from databricks_utils.config.tree import Data, KeyPath, Node

MASK = "**********"

_SECRET_WORD = re.compile(
    r"(?:^|[._\-])(?:passwords?|passwd|pwd|secrets?|tokens?|credentials?|api_?keys?|apikeys?|access_?keys?|account_?keys?"
    r"|private_?keys?|encryption_?keys?|webhook(?:_url)?|sas|dsn|conn(?:ection)?_?str(?:ing)?)(?:$|[._\-])"
    r"|account\.key|(?:access|secret|private|api)[._\-]key",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_REFERENCE = re.compile(r"^secret://(?P<scope>[\w.@-]+)/(?P<key>[\w.@-]+)$")
_SPARK_REFERENCE = re.compile(r"^\{\{secrets/[^/{}]+/[^/{}]+\}\}$")


class LiteralSecretWarning(UserWarning):
    """Issued once for a load; lists the keys that look like secrets and have their value in a file."""


class SecretText(str):
    """Text like any other, except that its `repr` shows stars."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"'{MASK}'"


def looks_secret(key: str) -> bool:
    """Return whether the name of a key or a variable is one that secrets usually have.

    >>> looks_secret("fs.azure.account.key.store.dfs.core.windows.net"), looks_secret("tokenizer")
    (True, False)
    """
    return bool(_SECRET_WORD.search(_CAMEL.sub("_", key)))


def is_reference(value: object) -> bool:
    """Return whether a value is only a reference to a secret; it can be shown and committed."""
    return isinstance(value, str) and bool(_REFERENCE.match(value) or _SPARK_REFERENCE.match(value))


def hide(value: Data, *, key: str = "") -> Data:
    """Return data in which text under secret-looking keys has become `SecretText`, at every depth.

    Args:
        value: Plain data: a scalar, a dict or a list.
        key: The key that `value` belongs to.
    """
    if isinstance(value, dict):
        return {name: hide(item, key=name) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [hide(item, key=key) for item in value]
    if isinstance(value, str) and looks_secret(key) and not is_reference(value):
        return SecretText(value)
    return value


def stars(value: Data) -> Data:
    """Return data with stars in place of every `SecretText`, at every depth."""
    if isinstance(value, dict):
        return {key: stars(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [stars(item) for item in value]
    return MASK if isinstance(value, SecretText) else value


def holds_secret_text(value: Data) -> bool:
    """Return whether the data contains a `SecretText`, at any depth."""
    if isinstance(value, dict):
        return any(map(holds_secret_text, value.values()))
    if isinstance(value, list | tuple):
        return any(map(holds_secret_text, value))
    return isinstance(value, SecretText)


def secret_paths(node: Node, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the paths of all values that contain the value of a variable with a secret-looking name."""
    if node.secret:
        yield path
    for key, child in node.items():
        yield from secret_paths(child, (*path, key))


def reveal(secret: SecretStr | str, *, get: Callable[[str, str], str] | None = None) -> str:
    """Return the secret itself; call it when the secret is used.

    Args:
        secret: The value of a configuration key: the secret, or `secret://scope/key`.
        get: Reads a key of a scope, e.g. `dbutils.secrets.get`.

    Raises:
        InvalidValueError: The value is a reference and there is no `get`.
    """
    text = secret.get_secret_value() if isinstance(secret, SecretStr) else str(secret)
    match = _REFERENCE.match(text)
    if match is None:
        return text
    if get is None:
        raise InvalidValueError(
            f"config: {text} is a reference to a secret, but there is no `get` to read it",
            fix="pass get=dbutils.secrets.get, or take the secret from the environment: `${NAME}`",
        )
    return get(match["scope"], match["key"])


def warn_of_literal_secrets(tree: Node) -> None:
    """Warn about secret-looking keys that have their value in a file: the next commit would publish it.

    The warning names the keys and places, never the values.
    """
    found = [f"  `{'.'.join(path)}` ({node.origin})" for path, node in _literals(tree, ())]
    if found:
        listed = "\n".join(found)
        warnings.warn(
            f"config: files contain secrets:\n{listed}\n"
            "  fix: write `${NAME}` and set the variable, or `secret://scope/key`; then change the secret itself",
            LiteralSecretWarning,
            stacklevel=3,
        )


def _literals(node: Node, path: KeyPath) -> Iterator[tuple[KeyPath, Node]]:
    children = list(node.items())
    for key, child in children:
        yield from _literals(child, (*path, key))
    if children or not isinstance(node.value, str) or not node.value:
        return
    written = node.origin.kind == "file" and not node.origin.through and not is_reference(node.value)
    # An item of a list is as secret as the list's key.
    names = [key for key in path if not key.isdigit()]
    if written and names and looks_secret(names[-1]):
        yield path, node
