"""Rooms: a package has about a dozen modules, and the contracts of import-linter refuse imports against their order."""

import tomllib
from pathlib import Path

import grimp
import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parent.parent
SOURCES = (
    ROOT / "packages" / "databricks-utils" / "src" / "databricks_utils",
    ROOT / "packages" / "lakewright" / "src" / "lakewright",
)
DOZEN = 12
LARGER = {
    "databricks_utils/config": "one module only keeps the public path `databricks_utils.config.spark_session`",
    "lakewright/commands": "one module for each command",
    "lakewright/runner/inside/dbutils": "one module for each utility of Databricks' `dbutils`",
}


def modules_of_rooms(source: Path) -> dict[str, int]:
    """The number of modules in each folder of a package, without `__init__`."""
    counted: dict[str, int] = {}
    for path in source.rglob("*.py"):
        room = path.parent.relative_to(source.parent).as_posix()
        counted[room] = counted.get(room, 0) + (path.name != "__init__.py")
    return counted


def too_large(source: Path) -> set[str]:
    """The rooms with more than a dozen modules."""
    return {room for room, count in modules_of_rooms(source).items() if count > DOZEN}


def test_no_room_has_more_than_a_dozen_modules_without_a_reason():
    assert set().union(*map(too_large, SOURCES)) == set(LARGER)


def test_a_room_of_thirteen_modules_is_found(tmp_path: Path):
    room = tmp_path / "package" / "room"
    room.mkdir(parents=True)
    for name in ("__init__", *"abcdefghijkl"):
        (room / f"{name}.py").touch()
    assert too_large(tmp_path / "package") == set()
    (room / "m.py").touch()
    assert too_large(tmp_path / "package") == {"package/room"}


def layers_of(container: str) -> list[set[str]]:
    """The layers of a package as `pyproject.toml` has them, the highest first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (contract,) = [item for item in contracts if item.get("containers") == [container]]
    return [set(layer.split(" | ")) for layer in contract["layers"]]


def illegal(graph: grimp.ImportGraph, container: str) -> set[tuple[str, str]]:
    found = graph.find_illegal_dependencies_for_layers(layers_of(container), containers={container})
    return {(item.importer, item.imported) for item in found}


@pytest.mark.parametrize(
    ("container", "importer", "imported"),
    [
        ("lakewright.runner", "inside.task_runtime", "scheduling.job"),
        ("lakewright.runner", "inside.task_runtime", "planning.graph"),
        ("lakewright.runner", "scheduling.job", "execution.executor"),
        ("lakewright.runner", "record.result", "planning.graph"),
        ("lakewright", "engine.launch", "runner.run_job"),
        ("lakewright", "bundle.load", "engine.launch"),
    ],
)
def test_an_import_from_a_higher_or_a_neighbouring_room_is_refused(
    container: str, importer: str, imported: str
):
    graph = grimp.build_graph("lakewright", cache_dir=None)
    assert illegal(graph, container) == set()
    graph.add_import(importer=f"{container}.{importer}", imported=f"{container}.{imported}")
    rooms = tuple(f"{container}.{name.partition('.')[0]}" for name in (importer, imported))
    assert rooms in illegal(graph, container)
