"""`lakewright validate`: check a bundle without a workspace, or print it resolved."""

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lakewright.commands.assignments import parse_assignments

if TYPE_CHECKING:
    from lakewright.bundle import Bundle, Diagnostic

_EXIT_ERRORS = 2


@click.command(name="validate")
@click.option("-t", "--target", metavar="NAME", help="The target to resolve; without it, the default target.")
@click.option(
    "--var", "assignments", multiple=True, metavar="NAME=VALUE", help="Set a variable; may be repeated."
)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: the resolved bundle in the shape of `databricks bundle validate -o json`.",
)
@click.option("--strict", is_flag=True, help="Let warnings fail too.")
@click.option(
    "--local", is_flag=True, help="Lay config/local.yaml over the target, as `lakewright run` does."
)
@click.option(
    "--project",
    type=click.Path(exists=True, path_type=Path),
    default=Path(),
    metavar="FOLDER",
    help="A folder of the bundle; without it, the current one.",
)
def command(  # noqa: PLR0913 - Click passes each option by name
    *, target: str | None, assignments: tuple[str, ...], output: str, strict: bool, local: bool, project: Path
) -> None:
    """Check the bundle: syntax, variables, targets, paths, the wiring of jobs, and config/ for the target. No workspace is asked.

    Exit code 0: no errors. 2: errors, or warnings with --strict.
    """
    from lakewright.bundle import lint_bundle, load_bundle, load_local_overlay
    from lakewright.bundle.sources import find_root

    overlay = load_local_overlay(find_root(project).parent) if local else None
    bundle = load_bundle(
        project, target=target, variables=parse_assignments(assignments, option="--var"), local=overlay
    )
    configuration = _configuration_findings(bundle.root, "local" if local else bundle.target)
    findings = (*bundle.diagnostics, *lint_bundle(bundle), *configuration)
    if output == "json":
        _print_json(bundle, findings)
    else:
        _print_text(bundle, findings)
    fatal = {"error", "warning"} if strict else {"error"}
    if any(finding.severity in fatal for finding in findings):
        sys.exit(_EXIT_ERRORS)


def _configuration_findings(root: Path, environment: str) -> "tuple[Diagnostic, ...]":
    """Load the configuration that the target is named after, where the project reads it by databricks-utils."""
    from databricks_utils.config import ConfigLoader
    from databricks_utils.config.errors import ConfigError, ConfigProblemsError, UndefinedVariableError
    from lakewright.bundle import Diagnostic

    if not (root / "config" / f"{environment}.yaml").is_file() or not _uses_the_library(root):
        return ()
    try:
        ConfigLoader.load(environment, root / "config")
    except ConfigError as error:
        problems = error.problems if isinstance(error, ConfigProblemsError) else (error,)
        return tuple(
            Diagnostic(
                # A variable may well be set only where the job runs.
                "warning" if isinstance(problem, UndefinedVariableError) else "error",
                problem.summary,
                "\n".join(part for part in (problem.location, problem.detail) if part) or None,
                fix=problem.fix,
            )
            for problem in problems
        )
    return ()


def _uses_the_library(root: Path) -> bool:
    declaring = (root / "pyproject.toml", *root.glob("requirements*.txt"), root / "databricks.yml")
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in declaring if path.is_file())
    return any("databricks-utils" in text or "databricks_utils" in text for text in texts)


def _print_json(bundle: "Bundle", findings: "tuple[Diagnostic, ...]") -> None:
    """Print the resolved bundle to stdout and the findings to stderr, so that stdout stays JSON."""
    from lakewright.bundle import render_all

    if findings:
        click.echo(render_all(findings) + "\n", err=True)
    click.echo(json.dumps(bundle.resolved, indent=2, sort_keys=True, ensure_ascii=False))


def _print_text(bundle: "Bundle", findings: "tuple[Diagnostic, ...]") -> None:
    from lakewright.bundle.render import render_all, tally

    if not any(finding.severity == "error" for finding in bundle.diagnostics):  # else it would tell untruths
        click.echo(_summary(bundle) + "\n")
    if findings:
        click.echo(_coloured(render_all(findings)) + "\n")
    click.echo(f"found {tally(findings)}" if findings else "no findings")
    click.echo(_about_the_cli())


def _coloured(text: str) -> str:
    colours = {"error:": "red", "warning:": "yellow", "recommendation:": "blue", "  fix:": "green"}
    lines = []
    for line in text.splitlines():
        start = next((start for start in colours if line.startswith(start)), None)
        lines.append(click.style(start, fg=colours[start], bold=True) + line[len(start) :] if start else line)
    return "\n".join(lines)


def _summary(bundle: "Bundle") -> str:
    """Return name, target, user, path, and the jobs with where each task can run."""
    from lakewright.bundle import classify_task

    workspace = bundle.resolved.get("workspace") or {}
    user = (workspace.get("current_user") or {}).get("userName", "unknown")
    lines = [
        f"Name:    {bundle.name or 'unknown'}",
        f"Target:  {bundle.target or 'none'}" + (f" (mode: {bundle.mode})" if bundle.mode else ""),
        f"User:    {user} (from {bundle.user_source})",
        f"Path:    {workspace.get('root_path', 'unknown')}",
    ]
    if bundle.jobs:
        lines.append("Jobs:")
    for key, job in bundle.jobs.items():
        lines.append(f"  {key}: {job.get('name', '')}")
        for task in job.get("tasks") or []:
            verdict = classify_task(bundle, key, task)
            lines.append(f"    {f'[{verdict.kind}]':<8} {task.get('task_key', '')}: {verdict.reason}")
    return "\n".join(lines)


def _about_the_cli() -> str:
    if shutil.which("databricks"):
        return "The Databricks CLI was not run. It is installed: `databricks bundle validate` also asks the workspace."
    return "The Databricks CLI was not run (it is not on PATH); no workspace was asked."
