"""`lakewright config`: show an environment's configuration and where each value comes from."""

import json
import warnings
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from databricks_utils.config import EnvironmentConfig
    from databricks_utils.config.explain import Explained


@click.group(name="config")
def command() -> None:
    """Show the configuration and where each value comes from."""


@command.command()
@click.option("-e", "--env", metavar="NAME", help="Environment; by default DBX_ENV, then local.")
@click.option("--config-path", metavar="FOLDER", help="The config/ folder; by default the project's.")
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def show(env: str | None, config_path: str | None, output: str) -> None:
    """Print each key, its value and where the value comes from; secrets are hidden."""
    from databricks_utils.config import ConfigLoader
    from databricks_utils.config.explain import explain
    from lakewright.env_file import add_env_file
    from lakewright.project import ProjectNotFoundError, find_project

    with suppress(ProjectNotFoundError):
        add_env_file(find_project(Path(config_path or "")))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        config = ConfigLoader.load(env, config_path)
        rows = explain(config)
    for warning in caught:
        _warn(str(warning.message))
    _check_extra(config)
    if output == "json":
        click.echo(json.dumps([_record(row) for row in rows], indent=2, ensure_ascii=False))
        return
    for line in _table(
        [("KEY", "VALUE", "WHERE FROM"), *((row.key, row.text, str(row.origin)) for row in rows)]
    ):
        click.echo(line)


@command.command()
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file."
)
def schema(output: Path | None) -> None:
    """Print the JSON Schema of config/*.yaml, for completion and checks in an editor."""
    from databricks_utils.config.schema import schema_text

    if output is None:
        click.echo(schema_text(), nl=False)
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(schema_text(), encoding="utf-8")
    except OSError as error:
        raise click.FileError(str(output), error.strerror) from error
    click.echo(
        f"wrote {output}; first line of each config/*.yaml:\n# yaml-language-server: $schema={output.resolve().as_uri()}"
    )


def _check_extra(config: "EnvironmentConfig") -> None:
    """Check `extra` with the project's own model; raise what is wrong, print why it cannot be checked."""
    from lakewright.bundle import project_settings_findings, raise_errors

    found = project_settings_findings(config.project_root, (config.environment,))
    for finding in found:
        if finding.severity == "warning":
            _warn("\n".join(filter(None, (finding.summary, f"  {finding.detail}", f"  fix: {finding.fix}"))))
    raise_errors(found, of="`extra`", root=config.project_root)


def _warn(text: str) -> None:
    click.echo(f"{click.style('warning:', fg='yellow')} {text}", err=True)


def _record(row: "Explained") -> dict[str, object]:
    return {"key": row.key, "value": row.value, "where": str(row.origin), "from": asdict(row.origin)}


def _table(rows: list[tuple[str, str, str]]) -> list[str]:
    """Return aligned lines; no value is cut or wrapped, so that the output can be searched."""
    widths = [min(max(len(row[column]) for row in rows), 48) for column in (0, 1)]
    return [f"{key:<{widths[0]}}  {value:<{widths[1]}}  {where}" for key, value, where in rows]
