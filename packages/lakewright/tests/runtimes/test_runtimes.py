"""The lists of the runtimes, and what a project's environment takes over from them."""

import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement

from lakewright.cli import cli
from lakewright.errors import InternalError
from lakewright.runtimes import LEFT_FREE, constraints_of, differences, find_runtime, known_runtimes
from lakewright.runtimes.library_list import LISTS, read_list

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("name", "spark", "some"),
    [
        ("dbr-17.3-ml", "4.0", {"pandas": "2.2.3", "lightgbm": "4.6.0", "mlflow-skinny": "3.0.1"}),
        ("serverless-4", "4.0", {"pandas": "2.2.3", "scikit-learn": "1.6.1", "mlflow-skinny": "2.22.0"}),
        ("serverless-5-ml", "4.1", {"pyarrow": "21.0.0", "lightgbm": "4.6.0", "mlflow-skinny": "3.8.1"}),
    ],
)
def test_each_runtime_has_python_spark_and_its_libraries(name, spark, some):
    runtime = find_runtime(name)
    assert (runtime.python, runtime.spark) == ("3.12", spark)
    assert some.items() <= runtime.libraries.items()


@pytest.mark.parametrize("name", known_runtimes())
def test_each_list_names_its_source(name):
    assert "# Source: the published list" in (LISTS / f"{name}.txt").read_text(encoding="utf-8")


def test_an_unknown_runtime_is_refused_with_the_nearest():
    done = CliRunner().invoke(cli, ["runtimes", "serverles-4"])
    assert done.exception.fix == "did you mean `serverless-4` or `serverless-5-ml`?"


def test_a_list_without_a_version_of_python_is_refused(tmp_path):
    (tmp_path / "new.txt").write_text("# Libraries of new.\n# Not Python 3.12, Spark 4.0\n", encoding="utf-8")
    with pytest.raises(InternalError, match=r"first line of new\.txt names no version of Python and Spark"):
        read_list(tmp_path / "new.txt")


def test_the_command_lists_the_runtimes_and_prints_the_constraints_of_one():
    listed = CliRunner().invoke(cli, ["runtimes"]).output
    assert "serverless-4      Python 3.12, Spark 4.0\n" in listed
    printed = CliRunner().invoke(cli, ["runtimes", "serverless-4"]).output
    assert printed == constraints_of(find_runtime("serverless-4"))


@pytest.mark.parametrize("name", known_runtimes())
def test_constraints_hold_every_library_or_the_reason_for_leaving_it_free(name):
    runtime, text = find_runtime(name), constraints_of(find_runtime(name))
    pins = [Requirement(line) for line in text.splitlines() if not line.startswith("#")]
    kept = {pin.name: str(pin.specifier).removeprefix("==") for pin in pins}
    free = runtime.libraries.keys() - kept.keys()
    assert kept == {name: version for name, version in runtime.libraries.items() if name not in free}
    assert free <= LEFT_FREE.keys()
    comments = " ".join(line.lstrip("# ") for line in text.splitlines() if line.startswith("#"))
    assert [name for name in free if f"{name}" not in comments or LEFT_FREE[name] not in comments] == []


def test_every_library_that_is_left_free_is_in_a_list():
    known = set().union(*(find_runtime(name).libraries for name in known_runtimes()))
    assert LEFT_FREE.keys() <= known


@pytest.mark.parametrize("name", known_runtimes())
def test_what_lakewright_requires_agrees_with_the_constraints(name):
    from importlib.metadata import requires

    libraries = find_runtime(name).libraries
    required = [Requirement(line) for line in requires("lakewright") or ()]
    kept = [each for each in required if each.name in libraries and each.name not in LEFT_FREE]
    assert {"pandas"} <= {each.name for each in kept}
    assert [
        each for each in kept if not each.specifier.contains(libraries[each.name].replace("*", "0"))
    ] == []


def test_only_differences_of_compared_libraries_are_named():
    runtime = find_runtime("serverless-4")
    installed = {
        "pandas": "2.3.3",  # differs
        "numpy": "2.1.3",
        "databricks-sdk": "0.49.7",  # the list says 0.49.*
        "scipy": "1.17.1",  # the project's own
        "grpcio": "1.80.0",  # left free
        "polars": "1.0.0",  # not in the runtime
    }
    (found,) = differences(runtime, installed, frozenset({"scipy"}))
    assert (found.library, found.here, found.there) == ("pandas", "2.3.3", "2.2.3")
    (sdk,) = differences(runtime, {"databricks-sdk": "0.50.0"}, frozenset())
    assert sdk.there == "0.49.*"
