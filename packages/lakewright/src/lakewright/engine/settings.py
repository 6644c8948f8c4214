"""How the engine's Spark is tuned: one small machine, tables of a laptop's size, commands that last seconds.

Every figure has its measurement in `benchmarks/`; a project overrides single keys in `config/local.yaml` under
`spark.config`.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

MAXIMUM_CORES = 4


@dataclass(frozen=True)
class EngineSettings:
    """What an engine is started with.

    Attributes:
        spark_config: Spark keys of the project, laid over the tuned ones.
        memory: Maximum heap of the JVM, as `-Xmx` takes it.
        java_home: The Java to use; found by itself if None.
        idle_minutes: The engine ends itself after so long without a query; 0 means never.
        jvm_options: Further options of the JVM.
        default_catalog: Where names without a catalog are looked up; made if missing.
        origins: The places that gave values, by the names of their keys, for messages: `spark.engine.memory`.
    """

    spark_config: Mapping[str, str] = field(default_factory=dict)
    memory: str = "2g"
    java_home: Path | None = None
    idle_minutes: float = 15.0
    jvm_options: tuple[str, ...] = ()
    default_catalog: str = "workspace"
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)

    def place_of(self, key: str) -> str:
        """Name the place that gave a key's value; the key itself where that is not known."""
        return self.origins.get(key, key)

    def fingerprint(self) -> str:
        """Hash what cannot be changed while an engine runs: attaching with another fingerprint is refused."""
        fixed = {
            "spark_config": {
                key: value for key, value in sorted(self.spark_config.items()) if is_static(key)
            },
            "memory": self.memory,
            "java_home": str(self.java_home or ""),
            "jvm_options": list(self.jvm_options),
            "default_catalog": self.default_catalog,
        }
        return hashlib.sha256(json.dumps(fixed, sort_keys=True).encode()).hexdigest()[:16]


def cores() -> int:
    """Count the cores this process may use, at most four: small tables gain nothing from more."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return max(1, min(MAXIMUM_CORES, available))


def spark_properties(lakehouse: Path, settings: EngineSettings) -> dict[str, str]:
    """Build the Spark configuration of an engine over one lakehouse folder.

    Args:
        lakehouse: Absolute path of the folder that holds `_catalog/` and `tables/`.
        settings: The project's own settings; its `spark_config` wins over every default here.
    """
    parallel = str(cores())
    return {
        "spark.app.name": "lakewright",
        "spark.master": f"local[{parallel}]",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.default.parallelism": parallel,
        "spark.sql.shuffle.partitions": parallel,
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.sources.default": "delta",
        "spark.sql.defaultCatalog": settings.default_catalog,
        # The others are found by name when a statement is parsed; this one is looked up where nothing is parsed, too.
        f"spark.sql.catalog.{settings.default_catalog}": "lakewright.LakehouseCatalog",
        # Delta lists folders with as many tasks as this allows (10,000): a VACUUM took 45 s, with this 2 s.
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": parallel,
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension,lakewright.LakewrightExtensions",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.catalogImplementation": "in-memory",
        # An error's message is for a person; the stack of the JVM is in the engine's log.
        "spark.sql.pyspark.jvmStacktrace.enabled": "false",
        "spark.sql.connect.serverStacktrace.enabled": "false",
        "spark.log.level": "WARN",
        "spark.sql.warehouse.dir": str(lakehouse.parent / "spark-warehouse"),
        "spark.databricks.delta.snapshotPartitions": "1",
        # Delta would ask its log for an aggregate's answer first, which is a job more; these tables are as soon scanned.
        "spark.databricks.delta.optimizeMetadataQuery.enabled": "false",
        "spark.lakewright.lakehouse": str(lakehouse),
        **settings.spark_config,
    }


def is_static(key: str) -> bool:
    """Tell whether Spark reads a key only when it starts."""
    return not key.startswith("spark.sql.") or key in {"spark.sql.extensions", "spark.sql.warehouse.dir"}
