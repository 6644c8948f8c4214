"""What the files of a Python project declare: its name and its entry points, as far as no code has to run for it."""

import ast
import configparser
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_COMPUTED = {"scripts", "gui-scripts", "entry-points"}  # of `[project] dynamic`


@dataclass(frozen=True)
class Declared:
    """What is written down about a project.

    Attributes:
        name: The name of its package; None if only the build knows it.
        entry_points: The target of each entry point, of all groups; None if only the build knows them.
        file: The file that declares them.
    """

    name: str | None
    entry_points: Mapping[str, str] | None
    file: Path


def read_declared(folder: Path) -> Declared | None:
    """Return what a folder's `pyproject.toml`, `setup.cfg` and `setup.py` declare; None if no package is built there."""
    file = folder / "pyproject.toml"
    content = read_toml(file)
    tools = table_of(content, "tool")
    if project := table_of(content, "project"):
        return Declared(_text(project.get("name")), _of_standard(project), file)
    poetry = table_of(tools, "poetry")
    if poetry.get("package-mode") is False:
        return None
    if poetry:
        return Declared(_text(poetry.get("name")), _of_poetry(poetry), file)
    if flit := table_of(tools, "flit"):
        metadata = table_of(flit, "metadata")
        name = _text(metadata.get("dist-name")) or _text(metadata.get("module"))
        return Declared(name, _merged([flit.get("scripts"), *table_of(flit, "entrypoints").values()]), file)
    return _of_setuptools(folder)


def read_toml(file: Path) -> dict[str, Any]:
    """Return the content of a TOML file; an empty table if it is missing or broken."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def literal_of_setup(script: Path, argument: str) -> object:
    """Return an argument of the only call of `setup()` in a file, if it is a literal; else None."""
    arguments = _arguments_of_setup(script) if script.is_file() else None
    return _literal(arguments[argument]) if arguments and argument in arguments else None


def parse_ini(text: str) -> dict[str, str]:
    """Return the entry points of a text like `entry_points.txt`, of all groups.

    Examples:
        >>> import os
        >>> parse_ini(os.linesep.join(["[console_scripts]", "load = shop.main:load [extra]"]))
        {'load': 'shop.main:load'}
    """
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names are case-sensitive
    parser.read_string(text)
    return {
        name: _without_extras(target) for group in parser.sections() for name, target in parser.items(group)
    }


def _of_standard(project: Mapping[str, Any]) -> dict[str, str] | None:
    if _COMPUTED & set(project.get("dynamic") or ()):
        return None
    groups = table_of(project, "entry-points").values()
    return _merged([*groups, project.get("gui-scripts"), project.get("scripts")])


def _of_poetry(poetry: Mapping[str, Any]) -> dict[str, str]:
    scripts = {
        name: value.get("reference") if isinstance(value, dict) else value
        for name, value in table_of(poetry, "scripts").items()
    }
    return _merged([*table_of(poetry, "plugins").values(), scripts])


def _of_setuptools(folder: Path) -> Declared | None:
    """Return what `setup.cfg` and a `setup.py` with literal arguments declare; setuptools prefers `setup.py`."""
    script, config = folder / "setup.py", folder / "setup.cfg"
    if not script.is_file() and not config.is_file():
        return None
    name, points = _of_config(config)
    arguments = _arguments_of_setup(script) if script.is_file() else {}
    file = script if script.is_file() else config
    if arguments is None:
        return Declared(None, None, file)
    if "name" in arguments:
        name = _text(_literal(arguments["name"]))
    if "entry_points" in arguments:
        points = _of_argument(_literal(arguments["entry_points"]))
    if name is None and not arguments and not script.is_file():
        return None  # a `setup.cfg` with settings of tools only
    return Declared(name, points, file)


def _of_config(file: Path) -> tuple[str | None, dict[str, str] | None]:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names are case-sensitive
    try:
        parser.read_string(file.read_text(encoding="utf-8") if file.is_file() else "")
    except (configparser.Error, UnicodeDecodeError):
        return None, None
    name = _text(parser.get("metadata", "name", fallback=None))
    if parser.has_option("options", "entry_points"):
        return name, None  # `file: …`
    groups = parser.items("options.entry_points") if parser.has_section("options.entry_points") else []
    return name, _from_lines(line for _, lines in groups for line in lines.splitlines())


def _arguments_of_setup(script: Path) -> dict[str, ast.expr] | None:
    """Return the arguments of the only call of `setup()`; None if they cannot be seen without running the file."""
    try:
        tree = ast.parse(script.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError):
        return None
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_setup(node.func)]
    if len(calls) != 1 or calls[0].args or any(keyword.arg is None for keyword in calls[0].keywords):
        return None
    return {str(keyword.arg): keyword.value for keyword in calls[0].keywords}


def _is_setup(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name == "setup"


def _literal(expression: ast.expr) -> object:
    try:
        return ast.literal_eval(expression)
    except ValueError:
        return None


def _of_argument(value: object) -> dict[str, str] | None:
    """Return the entry points of the argument `entry_points`: a text like an INI file, or lists of `name = target` by group."""
    if isinstance(value, str):
        return parse_ini(value)
    if not isinstance(value, dict):
        return None
    lines = [[group] if isinstance(group, str) else group for group in value.values()]
    return _from_lines(str(line) for group in lines for line in group)


def _from_lines(lines: Iterable[str]) -> dict[str, str]:
    pairs = (line.partition("=") for line in lines if "=" in line)
    return {name.strip(): _without_extras(target) for name, _, target in pairs}


def _merged(tables: Iterable[object]) -> dict[str, str]:
    return {
        str(name): _without_extras(target)
        for table in tables
        if isinstance(table, dict)
        for name, target in table.items()
        if isinstance(target, str)
    }


def _without_extras(target: str) -> str:
    return target.partition("[")[0].strip()


def table_of(holder: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return a table inside another one; an empty table if there is none."""
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
