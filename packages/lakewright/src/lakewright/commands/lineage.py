"""`lakewright lineage TABLE[.COLUMN]`: what a table or a column is made of, and what is made of it."""

import json
from pathlib import Path

import click


@click.command()
@click.argument("name", metavar="TABLE[.COLUMN]")
@click.option("--up", "only_up", is_flag=True, help="Only what it is made of.")
@click.option("--down", "only_down", is_flag=True, help="Only what is made of it.")
@click.option("--depth", type=click.IntRange(1), help="Number of steps; by default all.")
@click.option(
    "--indirect", is_flag=True, help="For a column, also those that only decide: filters, joins, groups."
)
@click.option("-o", "--output", type=click.Choice(["text", "json", "svg"]), default="text", show_default=True)
def command(  # noqa: PLR0913 - the options of the command
    *, name: str, only_up: bool, only_down: bool, depth: int | None, indirect: bool, output: str
) -> None:
    """Show what a table or a column is made of, and what is made of it.

    The last parts of a name are enough: gold.predictions.score. The engine records the lineage of every statement that it runs; no
    engine is started for this command.
    """
    from lakewright.lineage.errors import NoLineageError
    from lakewright.lineage.finding import find_node
    from lakewright.lineage.graph import build_graph
    from lakewright.lineage.picture import as_svg
    from lakewright.lineage.shown import as_json, as_text
    from lakewright.lineage.statements import read_events, read_statements
    from lakewright.lineage.trace import follow
    from lakewright.project import find_project

    folder = find_project(Path.cwd()) / ".lakewright" / "lineage"
    graph = build_graph(read_statements(read_events(folder)))
    if not graph.columns:
        raise NoLineageError(
            "no statement of this project has been recorded yet",
            location=str(folder),
            fix="run a job first: lakewright run JOB",
        )
    node = find_node(graph, name)
    both = only_up == only_down
    trace = follow(graph, node, up=only_up or both, down=only_down or both, depth=depth, indirect=indirect)
    if output == "json":
        click.echo(json.dumps(as_json(trace), indent=2, ensure_ascii=False))
    else:
        click.echo(as_svg(trace).rstrip("\n") if output == "svg" else as_text(trace))
