"""All findings about a bundle: those of its load, of the rules that look at a loaded bundle, and of config/."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path

from lakewright.bundle.findings.broken_tasks import broken_task_findings
from lakewright.bundle.findings.configuration import configuration_comments, configuration_findings
from lakewright.bundle.findings.old_runtimes import old_runtime_findings
from lakewright.bundle.findings.own_packages.locked_wheels import locked_wheel_findings
from lakewright.bundle.findings.own_packages.package_sources import package_source_findings
from lakewright.bundle.findings.shared_state import shared_state_findings
from lakewright.bundle.findings.silence import silenced
from lakewright.bundle.findings.uploads import upload_findings
from lakewright.bundle.findings.used_configuration import used_configuration_findings
from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.load import load_all_targets
from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.project_settings.findings import project_settings_findings
from lakewright.bundle.rules.base import BundleRule, JobRule, TaskRule
from lakewright.bundle.rules.registry import all_rules


def all_findings(bundle: Bundle, *, configuration: bool = False) -> tuple[Diagnostic, ...]:
    """Return every finding about a bundle that no comment silences.

    Args:
        bundle: A loaded bundle; one with errors is checked as far as it goes.
        configuration: Whether `config/*.yaml` is checked too.

    Returns:
        The findings of the load, those of the rules and of the configuration, then those about comments.
    """
    (found,) = _collect(
        (bundle,), lambda: _elsewhere(bundle, configuration=configuration), configuration=configuration
    )
    return found


def findings_of_targets(bundles: Sequence[Bundle], *, configuration: bool = False) -> tuple[Diagnostic, ...]:
    """Return every finding about a bundle that was loaded for all of its targets, each once.

    Args:
        bundles: The bundle, loaded for each target.
        configuration: Whether `config/*.yaml` is checked too.

    Returns:
        The findings in the order of the targets; `targets` of each names those that it holds for.
    """
    found: dict[Diagnostic, list[str]] = {}
    collected = _collect(bundles, lambda: _of_all_environments(bundles[0].root), configuration=configuration)
    for bundle, findings in zip(bundles, collected, strict=True):
        for finding in findings:
            found.setdefault(finding, []).append(bundle.target)
    return tuple(replace(finding, targets=tuple(filter(None, targets))) for finding, targets in found.items())


def _collect(
    bundles: Sequence[Bundle], elsewhere: Callable[[], Iterable[Diagnostic]], *, configuration: bool
) -> list[tuple[Diagnostic, ...]]:
    """Return the findings about each bundle; what is `elsewhere` is only looked for where a comment needs it."""
    root = bundles[0].root
    own = project_settings_findings(root) if configuration else ()
    of_comments = configuration_comments(root) if configuration else ()
    collected = [_with(own, _found(bundle, configuration=configuration)) for bundle in bundles]
    for finding, targets in shared_state_findings(bundles):
        for bundle, found in zip(bundles, collected, strict=True):
            if bundle.target in targets:
                found.append(finding)
    others = cache(lambda: (*own, *chain.from_iterable(collected), *elsewhere()))
    return [
        silenced(found, [*bundle.comments, *of_comments], others)
        for bundle, found in zip(bundles, collected, strict=True)
    ]


def _with(own: Iterable[Diagnostic], findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return findings without repetition, and those about the project's own settings that are not among them."""
    found = list(dict.fromkeys(findings))
    places = {(finding.code, finding.location) for finding in found}
    return [*found, *(finding for finding in own if (finding.code, finding.location) not in places)]


def _found(bundle: Bundle, *, configuration: bool) -> Iterator[Diagnostic]:
    if not bundle.target:  # nothing is merged and resolved, so rules would report what follows from that
        yield from bundle.diagnostics
        yield from _rule_findings_of_files(BundleView(bundle))
        return
    view = BundleView(bundle)
    wired = [*bundle.diagnostics, *_rule_findings(view), *upload_findings(view)]
    yield from wired
    yield from old_runtime_findings(view)
    yield from package_source_findings(view)
    yield from locked_wheel_findings(bundle.root)
    if configuration or not bundle.is_local:  # a local run shows what its overlay leaves broken itself
        yield from broken_task_findings(view, wired)
    if configuration:
        yield from configuration_findings(bundle.root, bundle.environment)
        yield from used_configuration_findings(view)


def _elsewhere(bundle: Bundle, *, configuration: bool) -> Iterator[Diagnostic]:
    """Yield the findings of every target and environment: a comment may be about another one than the chosen one."""
    others = load_all_targets(bundle.root_file)
    for other in others:
        yield from _found(other, configuration=configuration)
    yield from (finding for finding, _ in shared_state_findings(others))
    if configuration:
        yield from _of_all_environments(bundle.root)


def _of_all_environments(root: Path) -> Iterator[Diagnostic]:
    from databricks_utils.config import environments

    for environment in environments(root / "config"):
        yield from configuration_findings(root, environment)


def _rule_findings_of_files(view: BundleView) -> Iterator[Diagnostic]:
    for rule in all_rules():
        if issubclass(rule, BundleRule) and rule.reads_files_only:
            yield from rule().check(view)


def _rule_findings(view: BundleView) -> Iterator[Diagnostic]:
    bundle_rules = [rule() for rule in all_rules() if issubclass(rule, BundleRule)]
    job_rules = [rule() for rule in all_rules() if issubclass(rule, JobRule)]
    task_rules = [rule() for rule in all_rules() if issubclass(rule, TaskRule)]
    for bundle_rule in bundle_rules:
        yield from bundle_rule.check(view)
    for job in view.jobs.values():
        for job_rule in job_rules:
            yield from job_rule.check(job)
        for task in job.all_tasks:
            for task_rule in task_rules:
                yield from task_rule.check(task)
