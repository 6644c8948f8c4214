"""The installed pyspark package, which holds Spark's jars."""

from pathlib import Path


def spark_home() -> Path:
    """Return the folder of the installed pyspark package."""
    import pyspark

    return Path(pyspark.__file__).parent


def spark_jars() -> list[Path]:
    """Return Spark's jars, in a fixed order."""
    return sorted((spark_home() / "jars").glob("*.jar"))
