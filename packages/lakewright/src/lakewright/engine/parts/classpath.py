"""What the engine adds to Spark's own jars."""

from pathlib import Path

from lakewright.engine.parts.jars import ensure_jars
from lakewright.engine.parts.java import Java
from lakewright.engine.parts.plugin import plugin_jar


def own_jars(java: Java) -> list[Path]:
    """List the plugin's jar, compiled where needed, and Delta's, fetched where needed."""
    delta = ensure_jars()
    return [plugin_jar(java.executable, delta), *delta]
