"""The project of a command, with a session and a context of its local environment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lakewright.errors import LakewrightError
from lakewright.project import find_project

if TYPE_CHECKING:
    from databricks_utils.context import Context
    from databricks_utils.medallion import Medallion


class UnknownTableError(LakewrightError, LookupError):
    """Raised when a project has no such table in quarantine."""


@dataclass(frozen=True)
class Opened:
    """A project's lakehouse.

    Attributes:
        project: The project's root.
        spark: A session.
        context: Its local environment.
    """

    project: Path
    spark: Any
    context: "Context"

    def medallion(self) -> "Medallion":
        """Return the project's medallion."""
        from lakewright.project_medallion import open_project_medallion

        return open_project_medallion(self.project, self.spark, self.context)

    def tables(self) -> list[str]:
        """Return the names of the tables in quarantine, sorted."""
        from databricks_utils.quoting import quote

        schema = self.context.table("quarantine", "any").rpartition(".")[0]
        found = self.spark.sql(f"SHOW TABLES IN {quote(schema)}").collect()
        return sorted(row["tableName"] for row in found)

    def chosen(self, table: str) -> str:
        """Return the name of a table in quarantine, as it is known there.

        Raises:
            UnknownTableError: There is no such table.
        """
        from databricks_utils.nearest import choose_from

        known = self.tables()
        if table not in known:
            raise UnknownTableError(
                f"there is no quarantine for `{table}`",
                fix=choose_from(table, known)
                if known
                else "run the transformation first: lakewright run transformation",
            )
        return table


def options(command: "Callable[..., None]") -> "Callable[..., None]":
    """Add the options of every subcommand."""
    principal = click.option("--as", "principal", help="Act as this principal, with its grants.")
    prefix = click.option(
        "--schema-prefix", default="", help="The prefix of the schemas, as of a bundle in development mode."
    )
    return principal(prefix(command))


def open_here(principal: str | None, schema_prefix: str) -> Opened:
    """Open the project of the current folder.

    Args:
        principal: The principal that the session acts as; None: the user of the operating system.
        schema_prefix: The prefix of the schemas.
    """
    from databricks_utils.context import open_context
    from lakewright.project_session import open_project_session
    from lakewright.runner.git_commit import git_sha

    project = find_project(Path.cwd())
    context = open_context(
        "local",
        project / "config",
        schema_prefix=schema_prefix,
        git_sha=git_sha(project),
        run_id=f"quarantine-{datetime.now(UTC):%Y%m%dT%H%M%S}",
    )
    return Opened(project, open_project_session(project, principal=principal), context)
