"""All rules, found by looking through the folders of this package, and the folders inside of them."""

import os
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import ModuleType

from databricks_utils.nearest import nearest
from lakewright.bundle import rules
from lakewright.bundle.rules.base import Rule


@cache
def all_rules() -> tuple[type[Rule], ...]:
    """Return the rules in the order of their codes."""
    found = [rule for group in groups() for rule in rules_of(group)]
    return tuple(sorted(found, key=lambda rule: rule.code))


def groups() -> list[ModuleType]:
    """Return the packages that hold rules, in the order of their codes; the docstring of each is its title."""
    found = [import_module(f"{rules.__name__}.{name}") for name in _names(rules, is_package=True)]
    return sorted(found, key=lambda group: group.CODES.start)


def rules_of(group: ModuleType) -> list[type[Rule]]:
    """Return the rules of one package in the order of their codes, one from each module of it and of the packages inside."""
    return sorted(_rules_in(group), key=lambda rule: rule.code)


def group_of(rule: type[Rule]) -> str:
    """Return the name of the package that a rule's code belongs to, such as `tasks` for `tasks/compute/ignored_libraries.py`."""
    return rule.__module__.removeprefix(f"{rules.__name__}.").partition(".")[0]


def _rules_in(package: ModuleType) -> Iterator[type[Rule]]:
    for name in _names(package, is_package=False):
        yield from _defined_in(import_module(f"{package.__name__}.{name}"))
    for name in _names(package, is_package=True):
        yield from _rules_in(import_module(f"{package.__name__}.{name}"))


def _names(package: ModuleType, *, is_package: bool) -> list[str]:
    """Return the names of what lies in a package; `pkgutil` takes ten times as long for it."""
    entries = [
        entry for folder in package.__path__ for entry in os.scandir(folder) if entry.name[0] not in "_."
    ]
    if is_package:
        return sorted(entry.name for entry in entries if entry.is_dir())
    return sorted(entry.name.removesuffix(".py") for entry in entries if entry.name.endswith(".py"))


def find_rule(name: str) -> type[Rule] | None:
    """Return the rule with a code or name: `LW602`, `lw602`, `602` and `dash-in-task-key` are the same."""
    wanted = name.strip().lower().replace("_", "-")
    for rule in all_rules():
        if wanted in {rule.code.lower(), rule.code.lower().removeprefix("lw"), rule.name}:
            return rule
    return None


def near_codes(name: str) -> list[str]:
    """Return the codes or names that are close to a wrong one."""
    wanted = name.strip().lower().replace("_", "-")
    if wanted.removeprefix("lw").isdigit():
        return nearest(f"LW{wanted.removeprefix('lw').zfill(3)}", [rule.code for rule in all_rules()])
    return nearest(wanted, [rule.name for rule in all_rules()])


def _defined_in(module: ModuleType) -> Iterator[type[Rule]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Rule) and value.__module__ == module.__name__:
            yield value
