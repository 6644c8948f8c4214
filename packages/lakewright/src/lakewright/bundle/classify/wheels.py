"""Tasks that run an entry point of a wheel."""

from lakewright.bundle.classify.verdict import Kind, TaskOfJob, Verdict
from lakewright.bundle.paths.local_path import is_local, is_local_dependency


def wheel_verdict(task: TaskOfJob) -> Verdict:
    """Judge a `python_wheel_task`."""
    spec = task.task["python_wheel_task"]
    for field in ("package_name", "entry_point"):
        if not spec.get(field):
            return task.verdict(
                Kind.CONFIG, f"python_wheel_task has no {field}", "python_wheel_task", f"add `{field}: …`"
            )
    name = f"{spec['package_name']}:{spec['entry_point']}"
    wheels = _wheels(task)
    if wheels and not any(is_local(wheel) or is_local_dependency(wheel) for wheel in wheels):
        return task.verdict(
            Kind.CLOUD, f"its wheel lives outside of the project: {wheels[0]}", "python_wheel_task"
        )
    return task.verdict(Kind.LOCAL, f"entry point {name}", "python_wheel_task.entry_point")


def _wheels(task: TaskOfJob) -> list[str]:
    libraries = [str(library["whl"]) for library in task.task.get("libraries") or [] if library.get("whl")]
    key = task.task.get("environment_key")
    for environment in task.job.get("environments") or []:
        if environment.get("environment_key") == key:
            dependencies = (environment.get("spec") or {}).get("dependencies") or []
            libraries += [
                str(entry)
                for entry in dependencies
                if str(entry).endswith(".whl") or is_local_dependency(str(entry))
            ]
    return libraries
