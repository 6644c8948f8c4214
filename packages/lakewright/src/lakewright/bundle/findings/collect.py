"""All findings about a bundle: those of its load, of the rules that look at a loaded bundle, and of config/."""

from collections.abc import Iterator

from lakewright.bundle.findings.broken_tasks import broken_task_findings
from lakewright.bundle.findings.configuration import configuration_comments, configuration_findings
from lakewright.bundle.findings.own_packages.locked_wheels import locked_wheel_findings
from lakewright.bundle.findings.own_packages.package_sources import package_source_findings
from lakewright.bundle.findings.silence import silenced
from lakewright.bundle.findings.uploads import upload_findings
from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.load import load_bundle
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
    own = project_settings_findings(bundle.root) if configuration else ()
    found = list(dict.fromkeys(_found(bundle, configuration=configuration)))
    places = {(finding.code, finding.location) for finding in found}
    found += [finding for finding in own if (finding.code, finding.location) not in places]
    comments = [*bundle.comments]
    if configuration:
        comments += configuration_comments(bundle.root)
    return silenced(found, comments, lambda: (*own, *_elsewhere(bundle, configuration=configuration)))


def _found(bundle: Bundle, *, configuration: bool) -> Iterator[Diagnostic]:
    view = BundleView(bundle)
    wired = [*bundle.diagnostics, *_rule_findings(view), *upload_findings(view)]
    yield from wired
    yield from package_source_findings(view)
    yield from locked_wheel_findings(bundle.root)
    if configuration or not bundle.is_local:  # a local run shows what its overlay leaves broken itself
        yield from broken_task_findings(view, wired)
    if configuration:
        yield from configuration_findings(bundle.root, bundle.environment)


def _elsewhere(bundle: Bundle, *, configuration: bool) -> Iterator[Diagnostic]:
    """Yield the findings of every target and environment: a comment may be about another one than the chosen one."""
    for target in bundle.targets:
        yield from _found(load_bundle(bundle.root_file, target=target), configuration=configuration)
    if configuration:
        from databricks_utils.config import environments

        for environment in environments(bundle.root / "config"):
            yield from configuration_findings(bundle.root, environment)


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
