"""All findings about a bundle: those of its load, and those of the rules that look at a loaded bundle."""

from collections.abc import Iterable, Iterator

from lakewright.bundle.findings.silence import silenced
from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule, JobRule, TaskRule
from lakewright.bundle.rules.registry import all_rules


def all_findings(bundle: Bundle, others: Iterable[Diagnostic] = ()) -> tuple[Diagnostic, ...]:
    """Return every finding about a bundle that no comment silences.

    Args:
        bundle: A loaded bundle; one with errors is checked as far as it goes.
        others: Findings about the same project from elsewhere.

    Returns:
        The findings of the load, those of the rules, `others`, and those about the comments themselves.
    """
    found = [*bundle.diagnostics, *_rule_findings(bundle), *others]
    return silenced(dict.fromkeys(found), bundle.comments)


def _rule_findings(bundle: Bundle) -> Iterator[Diagnostic]:
    view = BundleView.of(bundle)
    rules = [kind() for kind in all_rules() if issubclass(kind, TaskRule | JobRule | BundleRule)]
    for rule in rules:
        if isinstance(rule, BundleRule):
            yield from rule.check(view)
    for job in view.jobs.values():
        for rule in rules:
            if isinstance(rule, JobRule):
                yield from rule.check(job)
        for task in job.all_tasks:
            for rule in rules:
                if isinstance(rule, TaskRule):
                    yield from rule.check(task)
