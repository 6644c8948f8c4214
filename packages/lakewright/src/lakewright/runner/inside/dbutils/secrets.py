"""`dbutils.secrets`: from variables of the environment or `.env`; values never reach a log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lakewright.runner.handover.secrets import PREFIX, SecretError, secret_value, secret_variable
from lakewright.runner.inside.dbutils.argument_types import need_text
from lakewright.runner.inside.dbutils.help_text import WithHelp


class SecretScope(NamedTuple):
    """A scope, as Databricks lists it."""

    name: str

    def getName(self) -> str:  # noqa: N802 - Databricks' name
        """The name."""
        return self.name


class SecretMetadata(NamedTuple):
    """A key of a scope."""

    key: str


class Secrets(WithHelp):
    """`dbutils.secrets`: secrets by scope and key; each is the variable `DBX_SECRET__<SCOPE>__<KEY>`."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = {name: value for name, value in variables.items() if name.startswith(PREFIX)}

    def get(self, scope: str, key: str) -> str:
        """The secret's value.

        Raises:
            SecretError: The variable is not set; the message has its name.
        """
        need_text(scope=scope, key=key)
        return secret_value(self._variables, scope, key)

    def getBytes(self, scope: str, key: str) -> bytes:  # noqa: N802 - Databricks' name
        """The secret as bytes."""
        return self.get(scope, key).encode()

    def list(self, scope: str) -> Sequence[SecretMetadata]:
        """The keys of a scope, as the variables spell them.

        Raises:
            SecretError: There is no such scope.
        """
        need_text(scope=scope)
        head = secret_variable(scope, "")
        found = [name[len(head) :].lower() for name in sorted(self._variables) if name.startswith(head)]
        if not found:
            scopes = [item.name for item in self.listScopes()]
            raise SecretError(
                f"the secret scope `{scope}` does not exist",
                detail="there is: " + (", ".join(scopes) or "none"),
                fix=f"export {head}<KEY>=…, or write it into .env (which git ignores)",
            )
        return [SecretMetadata(name) for name in found]

    def listScopes(self) -> Sequence[SecretScope]:  # noqa: N802 - Databricks' name
        """The scopes, as the variables spell them."""
        names = {name[len(PREFIX) :].partition("__")[0].lower() for name in self._variables}
        return [SecretScope(name) for name in sorted(names)]
