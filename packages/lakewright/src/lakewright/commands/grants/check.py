"""`lakewright grants check`: what is wrong with the grants of the bundle, or dangerous in them."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lakewright.commands.grants.opened import (
    EXIT_PROBLEMS,
    all_option,
    bundle_of,
    bundles_of,
    local_option,
    output_option,
    print_notes,
    project_here,
    target_option,
    variables_option,
)

if TYPE_CHECKING:
    from lakewright.bundle import Bundle, Diagnostic
    from lakewright.grants.declared import Declared

_SCHEMA_VERSION = 1


@click.command()
@target_option
@all_option
@local_option
@variables_option
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@output_option("text", "json")
def check(  # noqa: PLR0913 - the options of the command
    *,
    target: str | None,
    all_targets: bool,
    local: bool,
    assignments: tuple[str, ...],
    strict: bool,
    output: str,
) -> None:
    """Check the grants of the bundle: names, privileges, USE, BI tools that can write, production that development can read.

    `lakewright explain CODE` explains a finding. A comment at the end of its line silences it: `# lakewright: ignore CODE (reason)`.

    Exit code 0: no errors. 2: errors, or warnings with --strict.
    """
    project = project_here()
    bundles = bundles_of(project, target, assignments, all_targets=all_targets, local=local)
    checked = [_checked(bundle, project, assignments) for bundle in bundles]
    for declared, _ in checked:
        print_notes(declared)
    if output == "json":
        click.echo(_as_json(checked))
    else:
        _print(checked)
    fatal = {"error", "warning"} if strict else {"error"}
    if any(finding.severity in fatal for _, findings in checked for finding in findings):
        sys.exit(EXIT_PROBLEMS)


def _checked(
    bundle: "Bundle", project: Path, assignments: tuple[str, ...]
) -> "tuple[Declared, tuple[Diagnostic, ...]]":
    """Return what a target declares and the findings that no comment silences."""
    from lakewright.bundle.findings.configuration import configuration_comments
    from lakewright.bundle.findings.silence import silenced
    from lakewright.grants.declared import declared_by

    def found(each: "Bundle") -> "tuple[Declared, tuple[Diagnostic, ...]]":
        from lakewright.grants.checking.findings import findings_of

        declared = declared_by(each)
        return declared, findings_of(declared, developments=lambda: _developments(each, project, assignments))

    def elsewhere() -> "Iterator[Diagnostic]":
        for name in bundle.targets:
            yield from found(bundle_of(project, name, assignments))[1]

    declared, findings = found(bundle)
    comments = [*bundle.comments, *configuration_comments(bundle.root)]
    return declared, silenced(findings, comments, elsewhere, command="grants check")


def _developments(production: "Bundle", project: Path, assignments: tuple[str, ...]) -> "Iterator[Declared]":
    """Yield what the development targets declare."""
    from lakewright.grants.checking.environments import is_development
    from lakewright.grants.declared import declared_by

    for name in production.targets:
        if name != production.target:
            bundle = bundle_of(project, name, assignments)
            if is_development(bundle):
                yield declared_by(bundle)


def _print(checked: "list[tuple[Declared, tuple[Diagnostic, ...]]]") -> None:
    from lakewright.bundle.findings.printed.text import coloured, render_all, tally
    from lakewright.shown_text.counted import counted

    for declared, findings in checked:
        name = f"{declared.bundle.target}{' with config/local.yaml' if declared.bundle.is_local else ''}"
        if findings:
            click.echo(f"target {name}:\n\n{coloured(render_all(findings))}\n")
        grants, objects = len(declared.resources.grants), len(declared.resources.objects)
        if grants:
            about = f"{counted(grants, 'grant')} on {counted(objects, 'object')}"
        elif objects:
            about = f"the bundle grants nothing on its {counted(objects, 'object')}"
        else:
            about = "the bundle declares no catalog, schema, volume or model"
        click.echo(f"target {name}: {about}: {tally(findings) or 'no findings'}")
    others = [name for name in checked[0][0].bundle.targets if name != checked[0][0].bundle.target]
    if len(checked) == 1 and others:
        click.echo(f"not checked: {', '.join(others)}; `lakewright grants check --all` does")


def _as_json(checked: "list[tuple[Declared, tuple[Diagnostic, ...]]]") -> str:
    from lakewright.bundle.findings.printed.as_json import finding_as_data

    content = {
        "schema_version": _SCHEMA_VERSION,
        "bundle": checked[0][0].bundle.name,
        "targets": [
            {
                "target": declared.bundle.target,
                "grants": len(declared.resources.grants),
                "objects": len(declared.resources.objects),
                "findings": [finding_as_data(finding, declared.bundle.root) for finding in findings],
            }
            for declared, findings in checked
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)
