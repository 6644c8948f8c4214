"""The jars of the engine: the plugin's, Delta's and Spark's."""

from pathlib import Path

from lakewright.engine.installation.jars import ensure_jars
from lakewright.engine.installation.java import Java
from lakewright.engine.installation.plugin import plugin_jar
from lakewright.engine.installation.shared_jars import shared_jars


def own_jars(java: Java) -> list[Path]:
    """Return what the engine adds to Spark's jars: the plugin's jar and Delta's jars; compile and fetch them if needed."""
    delta = ensure_jars()
    return [plugin_jar(java.executable, delta), *delta]


def engine_classpath(java: Java) -> list[Path]:
    """Return the engine's class path: its own jars, then Spark's."""
    return [*own_jars(java), *shared_jars()]
