"""Between jobs and about the whole bundle: parameters handed on, jobs that run each other, deployments."""

from collections.abc import Iterator, Mapping

from databricks_utils.nearest import did_you_mean, listing
from lakewright.bundle.lint.graph import check_run_job_cycles
from lakewright.bundle.lint.view import JobView
from lakewright.bundle.model import Bundle, Diagnostic
from lakewright.bundle.resource_values import job_key


def check_jobs(jobs: Mapping[str, JobView]) -> Iterator[Diagnostic]:
    """Yield what is wrong between jobs."""
    runs: dict[str, list[str]] = {}
    for key, job in jobs.items():
        runs[key] = []
        for task in job.all_tasks:
            spec = task.spec.get("run_job_task")
            if not isinstance(spec, dict):
                continue
            other = job_key(job.bundle, spec.get("job_id"))
            if other is None:
                continue
            runs[key].append(other)
            for name in spec.get("job_parameters") or {}:
                if name not in jobs[other].parameters:
                    yield task.finding(
                        "error",
                        f"the job {other} declares no parameter `{name}`",
                        f"run_job_task.job_parameters.{name}",
                        detail=f"it declares {listing(jobs[other].parameters)}",
                        fix=did_you_mean(name, jobs[other].parameters)
                        or f"add it to `resources.jobs.{other}.parameters`, or do not hand it on",
                    )
    yield from check_run_job_cycles(runs, jobs)


def check_deployment(bundle: Bundle) -> Iterator[Diagnostic]:
    """Yield what the configuration promises and a deployment does not keep."""
    resources = bundle.resolved.get("resources") or {}
    for key, model in (resources.get("registered_models") or {}).items():
        if isinstance(model, dict) and model.get("aliases"):
            path = f"resources.registered_models.{key}.aliases"
            yield Diagnostic(
                "warning",
                "aliases of a registered model are not applied by a deployment",
                location=bundle.locate(path),
                path=path,
                fix="set them where the version is registered: `client.set_registered_model_alias(…)`",
            )
    presets = bundle.resolved.get("presets") or {}
    if bundle.mode == "production" and presets.get("artifacts_dynamic_version") is True:
        yield Diagnostic(
            "warning",
            "`artifacts_dynamic_version` makes every deployment a change",
            location=bundle.locate("presets.artifacts_dynamic_version"),
            path="presets.artifacts_dynamic_version",
            fix="set it in development targets only",
        )
