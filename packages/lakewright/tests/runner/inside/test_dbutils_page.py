"""The page of `dbutils` is held to Databricks' published interface and to the code."""

import importlib.metadata
import importlib.util
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from lakewright.runner.errors import RunnerError
from lakewright.runner.inside.dbutils.credentials import Credentials
from lakewright.runner.inside.dbutils.data import Data
from lakewright.runner.inside.dbutils.jobs import TaskValues
from lakewright.runner.inside.dbutils.library import Library
from lakewright.runner.inside.dbutils.notebook import NotebookTools
from lakewright.runner.inside.dbutils.secrets import Secrets
from lakewright.runner.inside.dbutils.widgets import Widgets

pytestmark = pytest.mark.unit

PAGE = Path(__file__).parents[5] / "docs" / "reference" / "dbutils.md"
_ROW = re.compile(r"^\| `(?P<call>[\w.]+)\((?P<parameters>[^)]*)\)` \| (?P<verdict>[a-z ]+) \|", re.MULTILINE)
OURS: dict[str, type] = {
    "credentials": Credentials,
    "data": Data,
    "jobs.taskValues": TaskValues,
    "library": Library,
    "notebook": NotebookTools,
    "secrets": Secrets,
    "widgets": Widgets,
}


def _stub() -> Any:
    """Databricks' published interface, from its file: importing its package would sign in."""
    path = importlib.metadata.distribution("databricks-sdk").locate_file(
        "databricks/sdk/runtime/dbutils_stub.py"
    )
    spec = importlib.util.spec_from_file_location("dbutils_stub", str(path))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.dbutils


STUB = _stub()


def methods(part: Any) -> dict[str, inspect.Signature]:
    """The public methods of a class with their signatures."""
    return {
        name: inspect.signature(member)
        for name, member in inspect.getmembers(part, inspect.isfunction)
        if not name.startswith("_") and name != "help"
    }


def theirs(part: str) -> dict[str, inspect.Signature]:
    """The methods of a part in the stub that Databricks publishes."""
    found: Any = STUB
    for name in part.split("."):
        found = getattr(found, name)
    return methods(found)


def rows() -> dict[str, tuple[list[str], str]]:
    """Parameters and verdict of each call on the page."""
    text = PAGE.read_text(encoding="utf-8")
    return {
        match["call"]: (match["parameters"].replace(",", " ").split(), match["verdict"])
        for match in _ROW.finditer(text)
    }


@pytest.mark.parametrize("part", OURS)
def test_each_call_of_databricks_and_each_of_ours_has_a_row(part: str) -> None:
    known = {f"{part}.{name}" for name in (*theirs(part), *methods(OURS[part]))}
    assert {call for call in rows() if call.rpartition(".")[0] == part} == known


@pytest.mark.parametrize("part", OURS)
def test_a_call_that_is_like_databricks_has_the_same_parameters_and_defaults(part: str) -> None:
    for name, signature in methods(OURS[part]).items():
        own = {key: item.default for key, item in signature.parameters.items() if key != "self"}
        parameters, verdict = rows()[f"{part}.{name}"]
        assert parameters == list(own), name
        if verdict == "yes" and name in theirs(part):
            published = theirs(part)[name].parameters
            wanted = {key: item.default for key, item in published.items() if key != "self"}
            # The stub gives `arguments` no default; the runtime does.
            assert own == wanted | ({"arguments": None} if name == "run" else {}), name


def test_what_the_page_calls_refused_is_refused() -> None:
    refused = {call: parameters for call, (parameters, verdict) in rows().items() if verdict == "refused"}
    assert len(refused) == len(methods(Credentials))
    for call, parameters in refused.items():
        with pytest.raises(RunnerError):
            getattr(Credentials(), call.rpartition(".")[2])(*parameters)


def test_databricks_parts_are_all_there_but_for_the_files_page() -> None:
    parts = {name for name, item in vars(STUB).items() if inspect.isclass(item)}
    assert parts == {part.partition(".")[0] for part in OURS} | {"fs"}
