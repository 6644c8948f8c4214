"""The tuning of the engine's Spark: for one small machine, small tables and commands of a few seconds.

The measurements are in `benchmarks/`; a project overrides single keys in `config/local.yaml` under `spark.config`.
"""

import os
from pathlib import Path

from lakewright.engine.settings.engine_settings import EngineSettings
from lakewright.storage.machine_user import machine_user

_MAXIMUM_CORES = 4


def spark_properties(lakehouse: Path, settings: EngineSettings) -> dict[str, str]:
    """Return the Spark configuration of an engine for one lakehouse folder.

    Args:
        lakehouse: Absolute path of the folder that holds `_catalog/` and `tables/`: `<project>/.lakewright/lakehouse`.
        settings: The project's settings; `spark_config` overrides every default here.
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
        # The parser registers the other catalogs; this one is also used where no statement is parsed.
        f"spark.sql.catalog.{settings.default_catalog}": "lakewright.LakehouseCatalog",
        # The number of tasks with which Delta lists folders. With the default of 10,000 a VACUUM took 45 s, with this 2 s.
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": parallel,
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension,lakewright.LakewrightExtensions",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.catalogImplementation": "in-memory",
        # Messages without the JVM's stack traces; those are in the engine's log.
        "spark.sql.pyspark.jvmStacktrace.enabled": "false",
        "spark.sql.connect.serverStacktrace.enabled": "false",
        "spark.log.level": "WARN",
        "spark.sql.warehouse.dir": str(lakehouse.parent / "spark-warehouse"),
        "spark.databricks.delta.snapshotPartitions": "1",
        # Delta would first look for an aggregate's result in its log: one job more, and scanning a small table is as fast.
        "spark.databricks.delta.optimizeMetadataQuery.enabled": "false",
        # Delta would list the files of small tables in their checksums too, and not read the lists: a job more for each new table.
        "spark.databricks.delta.allFilesInCrc.enabled": "false",
        # By default Spark keeps 100 generated classes; a pipeline of Delta tables needs more, and compiles the rest again and again.
        "spark.sql.codegen.cache.maxEntries": "1000",
        "spark.extraListeners": "lakewright.LineageListener",
        "spark.lakewright.lakehouse": str(lakehouse),
        # Whom the engine holds to no grants: one name, also where the JVM would find another one.
        "spark.lakewright.machineUser": machine_user(),
        "spark.lakewright.accessPolicy": "lakewright.StoredGrants",
        **_file_system(lakehouse, settings),
        **settings.spark_config,
    }


def _file_system(lakehouse: Path, settings: EngineSettings) -> dict[str, str]:
    """Return the settings for Databricks' paths: one without a scheme is one of DBFS, `file:/Workspace` is the bundle's (`jvm/files`)."""
    folders = (lakehouse.parent.parent, *settings.local_folders)
    return {
        "spark.hadoop.fs.defaultFS": "dbfs:/",
        "spark.hadoop.fs.dbfs.impl": "lakewright.DbfsFileSystem",
        "spark.hadoop.fs.AbstractFileSystem.dbfs.impl": "lakewright.DbfsContext",
        "spark.hadoop.fs.file.impl": "lakewright.MachineFileSystem",
        "spark.hadoop.fs.AbstractFileSystem.file.impl": "lakewright.MachineContext",
        "spark.hadoop.lakewright.lakehouse": str(lakehouse),
        "spark.hadoop.lakewright.environment": settings.environment,
        "spark.hadoop.lakewright.otherEnvironments": ",".join(settings.other_environments),
        "spark.hadoop.lakewright.usedEnvironments": ",".join(settings.used_environments),
        "spark.hadoop.lakewright.machineFolders": os.pathsep.join(map(str, folders)),
        # Delta's choice for local files: by default it would take the one for HDFS.
        "spark.delta.logStore.dbfs.impl": "io.delta.storage.LocalLogStore",
    }


def _cores() -> int:
    """Return the number of cores that this process may use, at most four: small tables need no more."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return max(1, min(_MAXIMUM_CORES, available))
