"""Tasks that run an entry point of a wheel."""

from lakewright.bundle.classify.packages import find_package
from lakewright.bundle.classify.verdict import Kind, TaskOfJob, Verdict
from lakewright.bundle.classify.workspace_tasks import needs_workspace
from lakewright.bundle.paths.local_path import is_local, is_local_dependency
from lakewright.bundle.paths.wheel_names import is_wheel


def wheel_verdict(task: TaskOfJob) -> Verdict:
    """Judge a `python_wheel_task`."""
    spec = task.task["python_wheel_task"]
    for field in ("package_name", "entry_point"):
        if not spec.get(field):
            return task.verdict(
                Kind.CONFIG, f"python_wheel_task has no {field}", "python_wheel_task", f"add `{field}: …`"
            )
    name, entry_point = str(spec["package_name"]), str(spec["entry_point"])
    if "${" in name + entry_point or "{{" in name + entry_point:
        return task.verdict(Kind.LOCAL, f"entry point {name}:{entry_point}", "python_wheel_task.entry_point")
    wheels = _wheels(task)
    package = find_package(task.bundle, name, entry_point, wheels, may_build=task.may_build)
    if package.problem:
        return task.verdict(Kind.CONFIG, package.problem, "python_wheel_task.entry_point", package.fix)
    if package.place and needs_workspace(task.bundle.root, entry_point):
        return Verdict(
            Kind.CLOUD,
            f"`workspace_tasks` of pyproject.toml leaves {entry_point} to workspaces",
            task.at("python_wheel_task.entry_point"),
            left_out=True,
        )
    if package.place:
        return task.verdict(Kind.LOCAL, f"entry point {name}:{entry_point}", "python_wheel_task.entry_point")
    local = [wheel for wheel in wheels if is_local(wheel) or is_local_dependency(wheel)]
    return _not_here(task, name, wheels, local)


def _not_here(task: TaskOfJob, name: str, wheels: list[str], local: list[str]) -> Verdict:
    """Judge a task whose package is neither built here nor installed."""
    if local and task.bundle.resolved.get("artifacts"):
        return task.verdict(
            Kind.CLOUD,
            f"{local[0]} is made by a build of `artifacts`, and no project of the name `{name}` is found there",
            "python_wheel_task.package_name",
            "build it first: a wheel that exists is run as it is",
        )
    if local:
        return task.verdict(
            Kind.CONFIG,
            f"nothing builds the package `{name}`: there is no project of this name, and no file {local[0]}",
            "python_wheel_task.package_name",
            f"build the wheel, or name its project in `artifacts: {{{name}: {{type: whl, path: …}}}}`",
        )
    if wheels:
        return task.verdict(
            Kind.CLOUD, f"its wheel lives outside of the project: {wheels[0]}", "python_wheel_task"
        )
    return task.verdict(
        Kind.CLOUD,
        f"the package `{name}` is neither built by this bundle nor installed here",
        "python_wheel_task.package_name",
        "name its wheel in `libraries` of the task, or install that wheel where lakewright runs: pip install ./FILE.whl",
    )


def _wheels(task: TaskOfJob) -> list[str]:
    libraries = [str(library["whl"]) for library in task.task.get("libraries") or [] if library.get("whl")]
    key = task.task.get("environment_key")
    for environment in task.job.get("environments") or []:
        if environment.get("environment_key") == key:
            dependencies = (environment.get("spec") or {}).get("dependencies") or []
            libraries += [
                str(entry)
                for entry in dependencies
                if is_wheel(str(entry)) or is_local_dependency(str(entry))
            ]
    return libraries
