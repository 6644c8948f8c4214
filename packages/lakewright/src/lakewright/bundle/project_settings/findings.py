"""Findings about `extra` of `config/*.yaml`, in every environment that exists: what the project's own model refuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.project_settings.check import Failure, Problem, check_extra
from lakewright.bundle.project_settings.declaration import DeclaredEntry, declared_entry, uses_the_library
from lakewright.bundle.project_settings.places import place_of
from lakewright.bundle.rules.configuration.settings_model_not_imported import SettingsModelNotImported
from lakewright.bundle.rules.configuration.unchecked_extra import UncheckedExtra
from lakewright.bundle.rules.configuration.unset_environment_variable import UnsetEnvironmentVariable
from lakewright.bundle.rules.configuration.unusable_settings_model import UnusableSettingsModel
from lakewright.bundle.rules.configuration.wrong_project_setting import WrongProjectSetting


def project_settings_findings(
    root: Path, environments: Sequence[str] | None = None
) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the project's own keys.

    Args:
        root: The project's folder.
        environments: The environments to check; by default all that exist.
    """
    from databricks_utils.config import environments as existing

    folder = root / "config"
    names = [name for name in existing(folder) if environments is None or name in environments]
    model = declared_entry(root)
    if not names:
        return ()
    if model is None:
        return _unchecked(root, names) if uses_the_library(root) else ()
    if not model.name:
        return (_malformed(model),)
    found = check_extra(root, model, names)
    if isinstance(found, Failure):
        return (_unusable(model, found),)
    return tuple(_merged(found))


def _unchecked(root: Path, environments: Sequence[str]) -> tuple[Diagnostic, ...]:
    from databricks_utils.config import ConfigError, ConfigLoader

    for environment in environments:
        try:
            extra = ConfigLoader.load_section("extra", environment, root / "config", environ={})
        except ConfigError:
            continue
        if extra.origins:
            return (UncheckedExtra.of(place_of(str(next(iter(extra.origins.values()))))),)
    return ()


def _malformed(model: DeclaredEntry) -> Diagnostic:
    return UnusableSettingsModel.of(
        f"`settings` of [tool.lakewright] is `{model.text}`, which names no class",
        None,
        'write `settings = "package.module:Class"`',
        model.location,
    )


def _unusable(model: DeclaredEntry, failure: Failure) -> Diagnostic:
    from databricks_utils.nearest import choose_from

    if failure.kind in {"import", "late"}:
        return SettingsModelNotImported.of(model.text, failure.text, model.location)
    if failure.kind == "absent":
        return UnusableSettingsModel.of(
            f"`settings` of [tool.lakewright] names the module `{model.module}`, which is not among the sources",
            failure.text,
            "correct the module, or the folder of the sources in pyproject.toml",
            model.location,
        )
    if failure.kind == "no model":
        return UnusableSettingsModel.of(
            f"`{model.module}` has no pydantic model `{model.name}`",
            None,
            choose_from(model.name, failure.known) or f"define it: class {model.name}(BaseModel)",
            model.location,
        )
    return UnusableSettingsModel.of(
        f"`extra` is not checked: the import of {model.module} fails",
        failure.text,
        "correct the module; every job that imports it fails too",
        place_of(failure.place) or model.location,
    )


def _merged(problems: Sequence[Problem]) -> Iterator[Diagnostic]:
    """Yield one finding for each mistake: one in `defaults.yaml`, or a key that is missing there, is wrong in every environment."""
    groups: dict[tuple[str, str | None], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((_without_environment(problem), problem.location), []).append(problem)
    for (summary, _), group in groups.items():
        yield _finding(group[0].summary if len(group) == 1 else summary, group)


def _without_environment(problem: Problem) -> str:
    return problem.summary.replace(f" for environment `{problem.environment}`", "")


def _finding(summary: str, group: Sequence[Problem]) -> Diagnostic:
    problem, fix = group[0], group[0].fix
    if len(group) > 1 and fix:
        fix = fix.replace(f"/{problem.environment}.yaml", "/defaults.yaml")
    place = place_of(problem.location)
    shown = None if place else problem.location
    several = f"environments: {', '.join(each.environment for each in group)}"
    tried = (
        problem.detail if len(group) == 1 or problem.location else None
    )  # else it names the files of the first one
    detail = "\n".join(part for part in (shown, tried, several) if part)
    rule = UnsetEnvironmentVariable if problem.is_unset_variable else WrongProjectSetting
    return rule.of(summary, detail, fix, place)
