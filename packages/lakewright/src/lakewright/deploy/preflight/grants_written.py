"""Grants as what somebody runs: SQL statements, or Terraform.

Terraform's resource is `databricks_grant`, which sets what one principal has on one object and leaves the other principals alone;
`databricks_grants` would take away what others have. What the principal has there already is part of it, else it would be taken away.
Source: https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/grant
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from databricks_utils.catalog.grants import Grant, Securable, SecurableKind
from databricks_utils.catalog.grants.state import Granted

_ARGUMENTS = {
    SecurableKind.CATALOG: "catalog",
    SecurableKind.SCHEMA: "schema",
    SecurableKind.VOLUME: "volume",
    SecurableKind.MODEL: "model",
    SecurableKind.FUNCTION: "function",
    SecurableKind.METASTORE: "metastore",
}


class Language(StrEnum):
    """What grants are written in."""

    SQL = "sql"
    TERRAFORM = "terraform"


def as_sql(grants: Iterable[Grant]) -> list[str]:
    """Return one statement for each principal and object, in the order of the grants."""
    statements = []
    for (securable, principal), privileges in _grouped(grants).items():
        words = ", ".join(each.replace("_", " ") for each in privileges)
        one = Grant(principal, words, securable)
        statements.append(f"{one.statement};")
    return statements


def as_terraform(
    grants: Iterable[Grant], *, held: Mapping[Securable, Granted], metastore_id: str | None = None
) -> list[str]:
    """Return one resource for each principal and object, in the order of the grants.

    Args:
        grants: The grants that are missing.
        held: What was granted on the objects before, by names in lower case; an object that is not in it could not be read.
        metastore_id: The id of the metastore, for grants on it.
    """
    resources = []
    for (securable, principal), privileges in _grouped(grants).items():
        before = held.get(securable)
        already = sorted((before or {}).get(principal.lower(), ()))
        names = ", ".join(_text(each) for each in dict.fromkeys([*already, *privileges]))
        label = (
            re.sub(r"\W+", "_", f"{'_'.join(securable.parts) or 'metastore'}_{principal}").strip("_").lower()
        )
        unread = (
            "  # add what it has there already: this sets all of its privileges\n" if before is None else ""
        )
        name = ".".join(securable.parts) or metastore_id or "METASTORE_ID"
        resources.append(
            f'resource "databricks_grant" {_text(label if not label[0].isdigit() else f"g_{label}")} {{\n'
            f"  {_ARGUMENTS[securable.kind]:<10} = {_text(name)}\n"
            f"  {'principal':<10} = {_text(principal)}\n"
            f"{unread}  {'privileges':<10} = [{names}]\n}}"
        )
    return resources


def _grouped(grants: Iterable[Grant]) -> dict[tuple[Securable, str], list[str]]:
    found: dict[tuple[Securable, str], list[str]] = {}
    for grant in grants:
        privileges = found.setdefault((grant.securable, grant.principal), [])
        if grant.privilege not in privileges:
            privileges.append(grant.privilege)
    return found


def _text(value: str) -> str:
    """Return a text of HCL: `${` and `%{` would begin an expression."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + escaped.replace("${", "$${").replace("%{", "%%{") + '"'
