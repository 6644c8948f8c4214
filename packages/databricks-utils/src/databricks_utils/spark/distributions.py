"""Find the installed Spark client from the metadata of the distributions, without importing it."""

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution

from databricks_utils.spark.errors import ConflictingPackagesError, MissingPackageError

CONNECT = "databricks-connect"
# Never a bare name: on a public index it belongs to others.
INSTALL_LAKEWRIGHT = (
    "pip install -r requirements-dev.txt   (in the project's folder)\n"
    "without a project, both wheels: pip install ./databricks_utils-VERSION-py3-none-any.whl ./lakewright-VERSION-py3-none-any.whl"
)
REINSTALL_LAKEWRIGHT = "pip install --no-deps --force-reinstall --require-hashes -r wheels/wheels.lock   (in the project's folder)"
_OPEN_SOURCE = ("pyspark", "pyspark-client")


def installed(names: Iterable[str]) -> list[str]:
    """Return the installed distributions among `names`, each as `name version`."""
    found = []
    for name in names:
        try:
            found.append(f"{name} {distribution(name).version}")
        except PackageNotFoundError:
            continue
    return found


def check_no_conflict() -> None:
    """Check that pyspark and databricks-connect are not both installed.

    Both install a folder `pyspark/`: the second installation overwrites files of the first, without an error.

    Raises:
        ConflictingPackagesError: Both are installed.
    """
    spark, connect = installed(_OPEN_SOURCE), installed([CONNECT])
    if spark and connect:
        raise ConflictingPackagesError(
            f"spark: {spark[0]} and {connect[0]} are installed together",
            detail="both install a package named pyspark, and files of one overwrite files of the other",
            fix="use two environments: one with lakewright for local runs, one with databricks-connect\n"
            f"here: pip uninstall -y {spark[0].split()[0]} {CONNECT}, then install the one that you need again",
        )


def require_pyspark() -> None:
    """Check that open-source Spark is installed.

    Raises:
        MissingPackageError: It is not installed.
    """
    if not installed(_OPEN_SOURCE):
        found = installed([CONNECT])
        raise MissingPackageError(
            "spark: a local session needs pyspark, which is not installed",
            detail=f"installed instead: {found[0]}, which works only with a workspace" if found else None,
            fix=INSTALL_LAKEWRIGHT,
        )


def require_databricks_connect(environment: str) -> None:
    """Check that Databricks Connect is installed.

    Args:
        environment: Name of the requested environment, for the error.

    Raises:
        MissingPackageError: It is not installed.
    """
    if not installed([CONNECT]):
        raise MissingPackageError(
            f"spark: environment `{environment}` is in a workspace, and {CONNECT} is not installed here",
            fix=f'pip install "{CONNECT}==<version of your cluster\'s runtime>.*" in an environment without pyspark,\n'
            'or work locally: SparkSessionFactory.create("local")',
        )
