"""`lakewright validate`: check a bundle for one target or for all, or print the resolved bundle."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lakewright.commands.options.assignments import parse_variables

if TYPE_CHECKING:
    from lakewright.bundle import Bundle, Diagnostic
    from lakewright.bundle.model.opinion import Opinion

_EXIT_ERRORS = 2


@click.command(name="validate")
@click.option("-t", "--target", metavar="NAME", help="The target to resolve; without it, the default target.")
@click.option("--all", "all_targets", is_flag=True, help="Check every target of the bundle.")
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
    help="json: the resolved bundle in the shape of `databricks bundle validate -o json`; with --all, one for each target. "
    "findings-json, sarif: the findings, for programs and for GitHub code scanning.",
)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--local", is_flag=True, help="Apply config/local.yaml to the target, like `lakewright run`.")
@click.option("--own-rules-only", is_flag=True, help="Ask neither the Databricks CLI nor databricks-bundles.")
@click.option(
    "--project",
    type=click.Path(exists=True, path_type=Path),
    default=Path(),
    metavar="FOLDER",
    help="A folder of the bundle; without it, the current one.",
)
def command(  # noqa: PLR0913 - Click passes each option by name
    *,
    target: str | None,
    all_targets: bool,
    assignments: tuple[str, ...],
    output: str,
    strict: bool,
    local: bool,
    own_rules_only: bool,
    project: Path,
) -> None:
    """Check the bundle: syntax, variables, targets, paths, the wiring of jobs, and config/ for the target. No workspace is needed.

    Where they are installed, `databricks-bundles` and the Databricks CLI are asked too, and what they report beyond that is shown.
    The CLI signs in to the workspace, and executes the scripts and the Python code that the bundle names.

    `lakewright explain CODE` explains a finding. A comment at the end of its line silences a warning:
    `# lakewright: ignore CODE (reason)`.

    Exit code 0: no errors. 2: errors, or warnings with --strict; with --all, the branch that is checked out (LW506) is none of them.
    """
    if all_targets and target:
        raise click.UsageError("--all checks every target: leave out -t, or leave out --all.")
    from lakewright.bundle import load_all_targets, load_bundle, load_local_overlay
    from lakewright.bundle.python_code.hosting import shared_hosts
    from lakewright.bundle.reading.root_file import find_root
    from lakewright.env_file import add_env_file

    root = find_root(project).parent
    add_env_file(root)
    overlay = load_local_overlay(root) if local else None
    variables = parse_variables(assignments)
    with _without_collections(), shared_hosts():
        if all_targets:
            bundles = load_all_targets(project, variables=variables, local=overlay)
        else:
            bundles = (load_bundle(project, target=target, variables=variables, local=overlay),)
        asks = not own_rules_only and not local and all(bundle.target for bundle in bundles)
        findings, opinions = _check(bundles, assignments, asks=asks, all_targets=all_targets)
    _print(output, bundles, findings, opinions, all_targets=all_targets)
    fatal = {"error", "warning"} if strict else {"error"}
    # No branch is right for every target; which one is checked out matters where one is deployed.
    of_here = {"LW506"} if all_targets else set()
    found = {finding.severity for finding in findings if finding.code not in of_here}
    more = {difference.severity for opinion in opinions for difference in opinion.differences}
    if fatal & {*found, *more}:
        sys.exit(_EXIT_ERRORS)
    if output == "text" and "warning" in {*found, *more}:
        click.echo("Warnings alone pass; with --strict they do not.")


@contextmanager
def _without_collections() -> Iterator[None]:
    """Pause the search for garbage: a bundle stays in memory to the end, and with 500 jobs the search takes a quarter of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _check(
    bundles: "Sequence[Bundle]", assignments: Sequence[str], *, asks: bool, all_targets: bool
) -> "tuple[tuple[Diagnostic, ...], tuple[Opinion, ...]]":
    """Return the findings, and what other programs say if they are asked."""
    from lakewright.bundle import all_findings, findings_of_targets

    def check() -> "tuple[Diagnostic, ...]":
        if all_targets:
            return findings_of_targets(bundles, configuration=True)
        return all_findings(bundles[0], configuration=True)

    if not asks:
        return check(), ()
    from lakewright.bundle.second_opinions.asking import second_opinions

    with second_opinions(bundles, assignments, os.environ) as compare:
        findings = check()
        return findings, compare(findings)


def _print(
    output: str,
    bundles: "Sequence[Bundle]",
    findings: "tuple[Diagnostic, ...]",
    opinions: "tuple[Opinion, ...]",
    *,
    all_targets: bool,
) -> None:
    if output == "text":
        _print_text(bundles, findings, opinions)
    elif output == "json":
        _print_bundles(bundles, findings, opinions, all_targets=all_targets)
    elif output == "sarif":
        from lakewright.bundle.findings.printed.sarif import sarif

        click.echo(sarif(findings, bundles, opinions))
    else:
        from lakewright.bundle.findings.printed.as_json import findings_json

        click.echo(findings_json(findings, bundles, opinions))


def _print_bundles(
    bundles: "Sequence[Bundle]",
    findings: "tuple[Diagnostic, ...]",
    opinions: "tuple[Opinion, ...]",
    *,
    all_targets: bool,
) -> None:
    """Print the resolved bundle to stdout and the findings to stderr, as the Databricks CLI does."""
    import json

    from lakewright.bundle import render_all
    from lakewright.bundle.findings.printed.text import render_opinion
    from lakewright.bundle.refusals.secrets import redacted

    if findings:
        click.echo(render_all(findings) + "\n", err=True)
    for opinion in opinions:
        if opinion.differences:
            click.echo(render_opinion(opinion) + "\n", err=True)
    shown = [redacted(bundle.resolved) for bundle in bundles]
    content = (
        {"targets": dict(zip((each.target for each in bundles), shown, strict=True))}
        if all_targets
        else shown[0]
    )
    click.echo(json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False))


def _print_text(
    bundles: "Sequence[Bundle]", findings: "tuple[Diagnostic, ...]", opinions: "tuple[Opinion, ...]"
) -> None:
    from lakewright.bundle.findings.printed.summary import summary
    from lakewright.bundle.findings.printed.text import coloured, render_all, render_opinion, tally

    if not any(bundle.has_errors for bundle in bundles):  # after an error the summary would be incomplete
        click.echo(summary(bundles) + "\n")
    if findings:
        click.echo(coloured(render_all(findings)) + "\n")
        click.echo(f"found {tally(findings)}; `{findings[0].docs}` explains one")
    else:
        click.echo("no findings")
    for opinion in opinions:
        click.echo(coloured(render_opinion(opinion)))
    if not opinions:
        click.echo("Neither databricks-bundles nor the Databricks CLI was asked; no workspace was contacted.")
