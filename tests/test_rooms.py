"""The contracts of import-linter refuse what they are for: the code inside a task's process that imports the scheduler."""

import tomllib
from pathlib import Path

import grimp
import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parent.parent


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
        ("lakewright.runner", "inside.stage", "scheduling.job"),
        ("lakewright.runner", "inside.stage", "planning.graph"),
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
