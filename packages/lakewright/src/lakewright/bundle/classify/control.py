"""Tasks that run no code of their own: conditions, and runs of other jobs."""

from lakewright.bundle.classify.verdict import Kind, TaskOfJob, Verdict
from lakewright.bundle.job_lookup import job_key
from lakewright.bundle.jobs.local_fields import OLD_PARAMETERS


def condition_verdict(task: TaskOfJob) -> Verdict:
    """Judge a `condition_task`."""
    spec = task.task["condition_task"]
    missing = [field for field in ("op", "left", "right") if spec.get(field) is None]
    if missing:
        return task.verdict(
            Kind.CONFIG, f"condition_task has no {missing[0]}", "condition_task", f"add `{missing[0]}: …`"
        )
    return task.verdict(
        Kind.LOCAL, f"condition {spec['left']} {spec['op']} {spec['right']}", "condition_task"
    )


def run_job_verdict(task: TaskOfJob) -> Verdict:
    """Judge a `run_job_task`."""
    job_id = task.task["run_job_task"].get("job_id")
    if job_id is None:
        return task.verdict(
            Kind.CONFIG,
            "run_job_task has no job_id",
            "run_job_task",
            "add `job_id: ${resources.jobs.<key>.id}`",
        )
    old = next((name for name in OLD_PARAMETERS if task.task["run_job_task"].get(name)), None)
    if old is not None:
        reason = f"a local run does not pass `{old}` on: it is from before job parameters"
        fix = "declare parameters in the job that it runs, and use `job_parameters`"
        return task.verdict(Kind.CLOUD, reason, f"run_job_task.{old}", fix)
    key = job_key(task.bundle, job_id)
    if key is None:
        fix = "name a job of the bundle: `job_id: ${resources.jobs.<key>.id}`"
        return task.verdict(
            Kind.CLOUD, f"job {job_id} exists only in a workspace", "run_job_task.job_id", fix
        )
    return task.verdict(Kind.LOCAL, f"runs the job {key}", "run_job_task.job_id")
