"""`lakewright explain`: explain a finding of `lakewright validate`, with an example."""

import click

from lakewright.errors import LakewrightError


class UnknownFindingError(LakewrightError, LookupError):
    """Raised when no finding has the given code or name."""


@click.command(name="explain")
@click.argument("finding", required=False, metavar="[CODE|NAME]")
def command(*, finding: str | None) -> None:
    """Explain a finding of `lakewright validate` or `grants check`: LW602, 602 or dash-in-task-key. Without one, list all of them."""
    click.echo(_list() if finding is None else _explain(finding))


def _list() -> str:
    from lakewright.bundle.findings.printed.page import page_of
    from lakewright.bundle.rules.registry import groups, rules_of

    parts = []
    for group in groups():
        lines = [
            f"  {rule.code}  {rule.severity:<14}  {rule.name}: {page_of(rule).title}"
            for rule in rules_of(group)
        ]
        parts.append("\n".join([(group.__doc__ or "").strip(), *lines]))
    return "\n\n".join(parts)


def _explain(name: str) -> str:
    from lakewright.bundle.findings.printed.page import help_of
    from lakewright.bundle.rules.registry import find_rule, near_codes

    rule = find_rule(name)
    if rule is not None:
        return f"# {rule.code} {rule.name}\n\n{help_of(rule)}"
    near = near_codes(name)
    raise UnknownFindingError(
        f"there is no finding `{name}`",
        fix=f"did you mean {' or '.join(f'`lakewright explain {code}`' for code in near)}?"
        if near
        else "list all of them: lakewright explain",
    )
