"""The jars that the engine adds to Spark's own."""

from pathlib import Path

from lakewright.engine.installation.jars import ensure_jars
from lakewright.engine.installation.java import Java
from lakewright.engine.installation.plugin import plugin_jar


def own_jars(java: Java) -> list[Path]:
    """Return the plugin's jar and Delta's jars; compile and fetch them if needed."""
    delta = ensure_jars()
    return [plugin_jar(java.executable, delta), *delta]
