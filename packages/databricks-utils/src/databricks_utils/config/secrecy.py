"""What is a secret, how it is hidden, and how a reference to one is resolved.

A file never needs to hold a secret: `${NAME}` takes it from the environment, `secret://scope/key` names it in a
Databricks secret scope (read when it is used), `{{secrets/scope/key}}` is Spark's own form for cluster settings.
"""

import re
from collections.abc import Callable

from pydantic import SecretStr

from databricks_utils.config.errors import InvalidValueError
from databricks_utils.config.tree import Data

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


class SecretText(str):
    """Text that is used like any other, and shows stars where a program prints its `repr`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"'{MASK}'"


def looks_secret(key: str) -> bool:
    """Tell whether a key or a variable's name is one that usually holds a secret.

    >>> looks_secret("fs.azure.account.key.store.dfs.core.windows.net"), looks_secret("tokenizer")
    (True, False)
    """
    return bool(_SECRET_WORD.search(_CAMEL.sub("_", key)))


def is_reference(value: object) -> bool:
    """Tell whether a value only names a secret, so that it may be shown and committed."""
    return isinstance(value, str) and bool(_REFERENCE.match(value) or _SPARK_REFERENCE.match(value))


def hide(value: Data, *, key: str = "") -> Data:
    """Turn text under secret-looking keys into `SecretText`, at every depth of a free-form mapping."""
    if isinstance(value, dict):
        return {name: hide(item, key=name) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [hide(item, key=key) for item in value]
    if isinstance(value, str) and looks_secret(key) and not is_reference(value):
        return SecretText(value)
    return value


def stars(value: Data) -> Data:
    """Put stars in the place of every `SecretText`, at every depth."""
    if isinstance(value, dict):
        return {key: stars(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [stars(item) for item in value]
    return MASK if isinstance(value, SecretText) else value


def reveal(secret: SecretStr | str, *, get: Callable[[str, str], str] | None = None) -> str:
    """Return the secret itself, at the moment it is used.

    Args:
        secret: The value of a configuration key: the secret, or `secret://scope/key`.
        get: How to read a scope's key: `dbutils.secrets.get`.

    Raises:
        InvalidValueError: The value is a reference and there is no `get`.
    """
    text = secret.get_secret_value() if isinstance(secret, SecretStr) else str(secret)
    match = _REFERENCE.match(text)
    if match is None:
        return text
    if get is None:
        raise InvalidValueError(
            f"config: {text} names a secret, and there is nothing here to read it with",
            fix="pass get=dbutils.secrets.get, or give the secret through the environment: `${NAME}`",
        )
    return get(match["scope"], match["key"])
