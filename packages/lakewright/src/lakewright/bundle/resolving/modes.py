"""Target modes: the presets that `mode: development` implies, and what each mode requires of a target."""

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.resolving.identity import is_service_principal
from lakewright.bundle.rules.targets.development.schedule_runs_in_development import ScheduleRunsInDevelopment
from lakewright.bundle.rules.targets.development.shared_development_path import SharedDevelopmentPath
from lakewright.bundle.rules.targets.development.shared_development_prefix import SharedDevelopmentPrefix
from lakewright.bundle.rules.targets.development.unpaused_development import UnpausedDevelopment
from lakewright.bundle.rules.targets.production.development_pipeline_in_production import (
    DevelopmentPipelineInProduction,
)
from lakewright.bundle.rules.targets.production.production_without_root_path import ProductionWithoutRootPath

_CONCURRENT_RUNS_IN_DEVELOPMENT = 4


def apply_mode(draft: Draft) -> None:
    """Fill the presets that `mode: development` implies, where the configuration leaves them open."""
    if draft.tree.text("bundle", "mode") != "development":
        return
    tree = draft.tree
    if tree.plain("bundle", "deployment", "lock", "enabled") is not True:
        tree.set(False, "bundle", "deployment", "lock", "enabled")  # noqa: FBT003 - the value that is set
    short = tree.text("workspace", "current_user", "short_name")
    # The prefix keeps developers apart in one workspace; a local lakehouse has one developer, and plain names.
    if not tree.text("presets", "name_prefix") and draft.local is None:
        tree.set(f"[dev {short}] ", "presets", "name_prefix")
    if tree.get("presets", "tags", "dev") is None:
        tree.set(short, "presets", "tags", "dev")
    if not tree.plain("presets", "jobs_max_concurrent_runs"):
        tree.set(_CONCURRENT_RUNS_IN_DEVELOPMENT, "presets", "jobs_max_concurrent_runs")
    if not tree.text("presets", "trigger_pause_status"):
        tree.set("PAUSED", "presets", "trigger_pause_status")
    if tree.plain("presets", "pipelines_development") is not False:
        tree.set(True, "presets", "pipelines_development")  # noqa: FBT003 - the value that is set


def check_mode(draft: Draft) -> None:
    """Check what `mode: development` and `mode: production` require of a target."""
    mode = draft.tree.text("bundle", "mode")
    if mode == "development":
        _check_development(draft)
    elif mode == "production":
        _check_production(draft)


def check_unpaused_jobs(draft: Draft) -> None:
    """Warn of jobs that say `UNPAUSED` for every target, a development target among them; references are not resolved yet."""
    if draft.tree.text("bundle", "mode") != "development" or draft.local is not None:
        return
    for key, job in draft.resources("jobs"):
        for trigger in ("schedule", "continuous", "trigger"):
            steps = ("resources", "jobs", key, trigger, "pause_status")
            is_of_the_target = draft.target_node.get(*steps) is not None
            if job.text(trigger, "pause_status") == "UNPAUSED" and not is_of_the_target:
                draft.add(ScheduleRunsInDevelopment.of(key, ".".join(steps)))


def _check_development(draft: Draft) -> None:
    tree = draft.tree
    user = [
        tree.text("workspace", "current_user", field)
        for field in ("userName", "short_name", "domain_friendly_name")
    ]
    if tree.text("presets", "trigger_pause_status") == "UNPAUSED":
        draft.add(UnpausedDevelopment.of())
    for field in ("root_path", "file_path", "resource_path", "artifact_path", "state_path"):
        value = tree.text("workspace", field)
        if value and not any(name and name in value for name in user[:2]):
            draft.add_for_user(SharedDevelopmentPath.of(field, value))
            break
    prefix = tree.text("presets", "name_prefix")
    if prefix and not any(name and name in prefix for name in user):
        draft.add_for_user(SharedDevelopmentPrefix.of())


def _check_production(draft: Draft) -> None:
    for key, pipeline in draft.resources("pipelines"):
        if pipeline.plain("development") is True:
            path = f"resources.pipelines.{key}.development"
            draft.add(DevelopmentPipelineInProduction.of(path))
    if draft.target_node.text("workspace", "root_path"):
        return
    jobs = draft.resources("jobs")
    name = draft.tree.text("workspace", "current_user", "userName")
    only_run_as = all(job.get("run_as") is not None for _, job in jobs) or is_service_principal(name)
    place = draft.target_node.location
    if only_run_as:
        draft.add(ProductionWithoutRootPath.of(draft.target, name, place, "recommendation"))
    else:
        draft.add_for_user(ProductionWithoutRootPath.of(draft.target, name, place, "error"))
