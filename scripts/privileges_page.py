"""Write docs/reference/privileges.md from the table of privileges; with --check, fail if the page is stale."""

from collections.abc import Iterable
from pathlib import Path

from generated_file import write_or_compare

from databricks_utils.catalog.grants import Privilege, SecurableKind, known_privileges

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "privileges.md"
HEAD = """\
# Privileges of Unity Catalog

<!-- Written by scripts/privileges_page.py from databricks_utils/catalog/grants/privileges.json. -->

`databricks_utils.catalog.grants` decides with this table who may do what; a bundle writes `USE_SCHEMA`, SQL writes `USE SCHEMA`. The rules,
each with its source, are in `packages/databricks-utils/src/databricks_utils/catalog/grants/rules.py`, and why they are so in
[0025](../decisions/0025-grants-rules.md).

* What is granted on a catalog or a schema is inherited by everything in it, now and later. Nothing inherits from the metastore.
* USE CATALOG on the catalog and USE SCHEMA on the schema are needed on the way, by owners too. BROWSE needs neither; MANAGE needs them only
  above the place where it is held.
* The owner of an object has its privileges without a grant (column *owner*), and MANAGE on what is in it: not SELECT.
* ALL PRIVILEGES stands for what column *all* marks, when it is asked for.
* A member of a group, also through other groups, has what the group has. Everybody has what `account users` has.
"""
OPEN = """\
## What the documentation leaves open

Here it is decided as the sentence says. A workspace may do otherwise.
"""


def page() -> str:
    """Return the text of the page."""
    here = [each for each in known_privileges().values() if each.on]
    other = [each for each in known_privileges().values() if not each.on and each.elsewhere]
    metastore = [each for each in here if SecurableKind.METASTORE in each.on]
    objects = [each for each in here if each not in metastore]
    unverified = [each for each in known_privileges().values() if each.unverified]
    parts = [
        HEAD,
        "## On catalogs, schemas and what is in them\n",
        _table(objects),
        "## On the metastore\n",
        _table(metastore),
        "## On other objects\n\nThey exist in a workspace only; these rules know their names.\n",
        "| privilege | on |\n|---|---|",
        *(f"| {_link(each)} | {_words(each.elsewhere)} |" for each in other),
        "",
        OPEN,
        "| privilege | open |\n|---|---|",
        *(f"| {_link(each)} | {each.unverified} |" for each in unverified),
    ]
    return "\n".join(parts) + "\n"


def _table(rows: Iterable[Privilege]) -> str:
    head = "| privilege | granted on | gives | owner | all |\n|---|---|---|---|---|"
    return "\n".join((head, *map(_row, rows))) + "\n"


def _row(privilege: Privilege) -> str:
    kinds = [kind.words for kind in SecurableKind if kind in privilege.on]
    marks = ("yes" if mark else "" for mark in (privilege.owner_has, privilege.in_all_privileges))
    cells = (_link(privilege), _words((*kinds, *privilege.elsewhere)), privilege.gives, *marks)
    return f"| {' | '.join(cells)} |"


def _link(privilege: Privilege) -> str:
    return f"[{privilege.sql}]({privilege.source})"


def _words(kinds: Iterable[str]) -> str:
    return ", ".join(kind.lower() for kind in kinds)


if __name__ == "__main__":
    write_or_compare(PAGE, page(), "make privileges")
