"""`lakewright validate`: check a bundle without a workspace, or print the resolved bundle."""

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lakewright.commands.assignments import parse_variables

if TYPE_CHECKING:
    from lakewright.bundle import Bundle, Diagnostic

_EXIT_ERRORS = 2


@click.command(name="validate")
@click.option("-t", "--target", metavar="NAME", help="The target to resolve; without it, the default target.")
@click.option(
    "--var",
    "assignments",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a variable, or several with commas: a=1,b=2; repeatable.",
)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json", "findings-json", "sarif"]),
    default="text",
    show_default=True,
    help="json: the resolved bundle in the shape of `databricks bundle validate -o json`. "
    "findings-json, sarif: the findings, for programs and for GitHub code scanning.",
)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--local", is_flag=True, help="Apply config/local.yaml to the target, like `lakewright run`.")
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
    """Check the bundle: syntax, variables, targets, paths, the wiring of jobs, and config/ for the target. No workspace is needed.

    `lakewright explain CODE` explains a finding. A comment at the end of its line silences a warning:
    `# lakewright: ignore CODE (reason)`.

    Exit code 0: no errors. 2: errors, or warnings with --strict.
    """
    from lakewright.bundle import all_findings, load_bundle, load_local_overlay
    from lakewright.bundle.reading.root_file import find_root
    from lakewright.env_file import add_env_file

    root = find_root(project).parent
    add_env_file(root)
    overlay = load_local_overlay(root) if local else None
    bundle = load_bundle(project, target=target, variables=parse_variables(assignments), local=overlay)
    findings = all_findings(bundle, configuration=True)
    _print(output, bundle, findings)
    fatal = {"error", "warning"} if strict else {"error"}
    if any(finding.severity in fatal for finding in findings):
        sys.exit(_EXIT_ERRORS)


def _print(output: str, bundle: "Bundle", findings: "tuple[Diagnostic, ...]") -> None:
    if output == "text":
        _print_text(bundle, findings)
    elif output == "json":
        _print_bundle(bundle, findings)
    elif output == "sarif":
        from lakewright.bundle.findings.printed.sarif import sarif

        click.echo(sarif(findings, bundle))
    else:
        from lakewright.bundle.findings.printed.as_json import findings_json

        click.echo(findings_json(findings, bundle))


def _print_bundle(bundle: "Bundle", findings: "tuple[Diagnostic, ...]") -> None:
    """Print the resolved bundle to stdout and the findings to stderr, as the Databricks CLI does."""
    import json

    from lakewright.bundle import render_all
    from lakewright.bundle.refusals.secrets import redacted

    if findings:
        click.echo(render_all(findings) + "\n", err=True)
    click.echo(json.dumps(redacted(bundle.resolved), indent=2, sort_keys=True, ensure_ascii=False))


def _print_text(bundle: "Bundle", findings: "tuple[Diagnostic, ...]") -> None:
    from lakewright.bundle.findings.printed.text import coloured, render_all, tally

    if not bundle.has_errors:  # after an error the summary would be incomplete
        click.echo(_summary(bundle) + "\n")
    if findings:
        click.echo(coloured(render_all(findings)) + "\n")
        click.echo(f"found {tally(findings)}; `{findings[0].docs}` explains one")
    else:
        click.echo("no findings")
    click.echo(_about_the_cli())


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
    if functions := bundle.executed_functions:
        lines.append(f"Python:  executed {', '.join(functions)}")
    if bundle.jobs:
        lines.append("Jobs:")
    for key, job in bundle.jobs.items():
        lines.append(f"  {key}: {job.get('name', '')}")
        for task in job.get("tasks") or []:
            verdict = classify_task(bundle, key, task, may_build=False)
            lines.append(f"    {f'[{verdict.kind}]':<8} {task.get('task_key', '')}: {verdict.reason}")
    return "\n".join(lines)


def _about_the_cli() -> str:
    if shutil.which("databricks"):
        return "The Databricks CLI was not run. It is installed: `databricks bundle validate` also checks in the workspace."
    return "The Databricks CLI was not run (it is not on PATH); no workspace was contacted."
