"""How the engine's Spark is tuned: one small machine, tables of a laptop's size, commands that last seconds.

Every figure has its measurement in `benchmarks/`; a project overrides single keys in `config/local.yaml` under
`spark.config`.
"""

import os
from pathlib import Path

from lakewright.engine.settings.engine_settings import EngineSettings

_MAXIMUM_CORES = 4


def spark_properties(lakehouse: Path, settings: EngineSettings) -> dict[str, str]:
    """Build the Spark configuration of an engine over one lakehouse folder.

    Args:
        lakehouse: Absolute path of the folder that holds `_catalog/` and `tables/`.
        settings: The project's own settings; its `spark_config` wins over every default here.
    """
    parallel = str(_cores())
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


def _cores() -> int:
    """Count the cores this process may use, at most four: small tables gain nothing from more."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return max(1, min(_MAXIMUM_CORES, available))
