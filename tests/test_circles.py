"""No circle of files: none of our modules imports itself by way of others, at its top or inside a function."""

from pathlib import Path

import grimp
import pytest

pytestmark = pytest.mark.unit

PACKAGES = ("databricks_utils", "lakewright")
# Public import paths whose code lives elsewhere: names that are kept, and nothing more.
ALIASES = (
    ("databricks_utils.config", "databricks_utils.config.spark_session"),
    ("databricks_utils.config", "databricks_utils.spark"),
    ("databricks_utils.config.spark_session", "databricks_utils.spark.session"),
)


def circles(graph: grimp.ImportGraph) -> set[frozenset[str]]:
    """The strongly connected components of more than one module; imports for types count too."""
    found: set[frozenset[str]] = set()
    for module in graph.modules:
        below = graph.find_downstream_modules(module) & graph.find_upstream_modules(module)
        if below - {module}:
            found.add(frozenset(below | {module}))
    return found


def test_no_module_imports_itself_through_others():
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    for importer, imported in ALIASES:
        graph.remove_import(importer=importer, imported=imported)
    assert circles(graph) == set()


def test_a_circle_is_found_also_through_an_import_inside_a_function(tmp_path: Path, monkeypatch):
    package = tmp_path / "circular"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "a.py").write_text("from circular import b\n")
    (package / "b.py").write_text("def late():\n    from circular import c\n")
    (package / "c.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from circular import a\n"
    )
    (package / "d.py").write_text("from circular import a\n")
    monkeypatch.syspath_prepend(tmp_path)
    found = circles(grimp.build_graph("circular", cache_dir=None))
    assert found == {frozenset({"circular.a", "circular.b", "circular.c"})}
