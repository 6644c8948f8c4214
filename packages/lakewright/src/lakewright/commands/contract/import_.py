"""`lakewright contract import`: draft a contract from a table of the lakehouse, or from files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lakewright.errors import LakewrightError

if TYPE_CHECKING:
    from databricks_utils.contracts.drafting import Draft

_PARTS = 3  # of a table's name


class DraftExistsError(LakewrightError, FileExistsError):
    """Raised when the file for a draft is there already."""


class UnclearSourceError(LakewrightError, ValueError):
    """Raised when a name is neither a file nor the name of a table."""


@click.command(name="import")
@click.argument("source", metavar="TABLE|FILE")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the draft to a new file.",
)
@click.option(
    "--sample",
    type=click.IntRange(1),
    metavar="ROWS",
    help="Look at about so many rows; by default all of a text file, else a million.",
)
@click.option("--all", "everything", is_flag=True, help="Look at all rows, however many.")
@click.option(
    "--delimiter", metavar="CHAR", help="What separates the fields of CSV; by default found in the header."
)
@click.option("--as", "principal", help="Read as this principal, with its grants.")
def import_(  # noqa: PLR0913 - Click passes each option by name
    *,
    source: str,
    out: Path | None,
    sample: int | None,
    everything: bool,
    delimiter: str | None,
    principal: str | None,
) -> None:
    """Draft a contract from TABLE (catalog.schema.table, or layer.table of the project) or FILE (CSV, JSON lines, Parquet; or a folder).

    What the schema of a table says is a fact. What was seen in the data (types of CSV, keys, ranges, allowed values, columns about
    persons) is a guess: it has a comment with the reason and is named in `guessed`. Values of columns about persons are never written.
    """
    from databricks_utils.contracts.drafting import write_yaml
    from databricks_utils.contracts.table_settings import is_delimiter
    from lakewright.env_file import add_env_file
    from lakewright.project import find_project

    if sample is not None and everything:
        raise click.UsageError("give either --sample or --all")
    if delimiter is not None and not is_delimiter(delimiter):
        raise click.UsageError(
            "--delimiter takes one character, no quote, backslash or line break; of a tab: --delimiter $'\\t'"
        )
    if out is not None and out.exists():
        raise DraftExistsError(
            f"the file {out} is there already",
            location=str(out),
            fix="give another file, or move this one away",
        )
    project = find_project(Path.cwd())
    add_env_file(project)
    draft = _draft(
        project, source, sample=sample, everything=everything, delimiter=delimiter, principal=principal
    )
    text = write_yaml(draft)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
    _report(draft, out)


def _draft(  # noqa: PLR0913 - the options of the command
    project: Path,
    source: str,
    *,
    sample: int | None,
    everything: bool,
    delimiter: str | None,
    principal: str | None,
) -> "Draft":
    from databricks_utils.contracts.data_files.finding import find_data_files
    from databricks_utils.contracts.drafting import ROWS_LOOKED_AT, draft_from_files, draft_from_table
    from lakewright.project_session import open_project_session, refusals_of_spark

    is_file = _is_file(source)
    if is_file:
        find_data_files(Path(source))  # before an engine is started for it
    table = () if is_file else _table(project, source)
    session = open_project_session(project, principal=principal)
    with refusals_of_spark(source):
        if is_file:
            return draft_from_files(
                session,
                Path(source),
                scheme="file:",
                sample=sample,
                everything=everything,
                delimiter=delimiter,
            )
        rows = None if everything else sample or ROWS_LOOKED_AT
        return draft_from_table(session, table, sample=rows, environment="local")


def _is_file(source: str) -> bool:
    """Whether a source is a file or folder, or would be one if it were there."""
    from databricks_utils.contracts.data_files.finding import SUFFIXES

    return Path(source).exists() or "/" in source or source.lower().endswith((*SUFFIXES, ".gz"))


def _table(project: Path, source: str) -> tuple[str, ...]:
    """The catalog, schema and name that a table's name means: three parts, or a layer of the project and a table."""
    from databricks_utils.catalog import CatalogHelper
    from databricks_utils.config import ConfigLoader

    parts = [part.strip("`") for part in source.split(".")]
    if len(parts) == _PARTS and all(parts):
        return tuple(parts)
    if len(parts) == _PARTS - 1 and all(parts) and (project / "config" / "local.yaml").is_file():
        names = CatalogHelper(ConfigLoader.load("local", project / "config"))
        return tuple(names.table_name(parts[0], parts[1]).split("."))
    raise UnclearSourceError(
        f"`{source}` is neither a file nor the name of a table",
        detail="a table is named CATALOG.SCHEMA.TABLE, or LAYER.TABLE with the layers of the project",
        fix='lakewright sql "SHOW CATALOGS" lists the catalogs; a file is named by its path',
    )


def _report(draft: "Draft", out: Path | None) -> None:
    """Say what a person has to do next; on stderr, since stdout may be the draft."""
    for note in draft.notes:
        click.echo(f"note: {note}", err=True)
    guesses = f"{draft.guesses} {'guess' if draft.guesses == 1 else 'guesses'} to confirm"
    click.echo(
        f"drafted {draft.name}: {len(draft.properties)} columns, {guesses}; seen: {draft.seen}", err=True
    )
    if out is not None:
        click.echo(f"wrote {out}; next: lakewright contract lint {out}", err=True)
