"""Which Spark client is installed: asked from the distributions' metadata, never by importing one."""

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution

from databricks_utils.config.spark_errors import ConflictingPackagesError, MissingPackageError

CONNECT = "databricks-connect"
_OPEN_SOURCE = ("pyspark", "pyspark-client")


def installed(names: Iterable[str]) -> list[str]:
    """Return those of the distributions that are installed, as `name version`."""
    found = []
    for name in names:
        try:
            found.append(f"{name} {distribution(name).version}")
        except PackageNotFoundError:
            continue
    return found


def refuse_conflict() -> None:
    """Refuse an environment that holds both clients.

    Both ship a folder `pyspark/`; the one that was installed last overwrites files of the other, and no resolver notices.

    Raises:
        ConflictingPackagesError: Both are installed.
    """
    spark, connect = installed(_OPEN_SOURCE), installed([CONNECT])
    if spark and connect:
        raise ConflictingPackagesError(
            f"spark: {spark[0]} and {connect[0]} are installed together",
            detail="both ship a package named pyspark, and files of one overwrite files of the other",
            fix="keep one environment for each: one with lakewright for local runs, one with databricks-connect\n"
            f"here: pip uninstall -y {spark[0].split()[0]} {CONNECT}, then install the one you want again",
        )


def require_pyspark() -> None:
    """Refuse to go on without open-source Spark.

    Raises:
        MissingPackageError: It is not installed.
    """
    if not installed(_OPEN_SOURCE):
        found = installed([CONNECT])
        raise MissingPackageError(
            "spark: a local session needs pyspark, which is not installed",
            detail=f"installed instead: {found[0]}, which only talks to a workspace" if found else None,
            fix="pip install lakewright",
        )


def require_databricks_connect(environment: str) -> None:
    """Refuse to go on without Databricks Connect.

    Args:
        environment: Name of the environment that is asked for.

    Raises:
        MissingPackageError: It is not installed.
    """
    if not installed([CONNECT]):
        raise MissingPackageError(
            f"spark: environment `{environment}` is in a workspace, and {CONNECT} is not installed here",
            fix=f'pip install "{CONNECT}==<version of your cluster\'s runtime>.*" in an environment without pyspark,\n'
            'or work locally: SparkSessionFactory.create("local")',
        )
