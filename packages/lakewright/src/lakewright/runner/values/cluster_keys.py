"""Which Spark settings and variables of a cluster can hold for one task here.

All tasks of a run share one engine, whose Spark has started before them, and one machine.
"""

from __future__ import annotations

import re

from lakewright.engine.session import INITIAL_CATALOG

# Settings that say of how many machines a cluster consists: as little to report as `num_workers`.
_SHAPE = frozenset({"spark.master", "spark.databricks.cluster.profile"})

# Settings that Spark reads when it starts (sections of `org.apache.spark.internal.config`, and
# `org.apache.spark.sql.internal.StaticSQLConf`), and the engine's own.
_READ_AT_START = re.compile(
    r"""spark\.(?:
      (?: acls | admin | api | app | appStateStore | archives | authenticate | barrier | block | blockManager | broadcast
        | buffer | checkpoint | cleaner | connect | cores | dead | decommission | default | deploy | diskStore | driver
        | dynamicAllocation | eventLog | excludeOnFailure | executor | executorEnv | extraListeners | file | files |
        hadoopRDD | history | io | jars | kerberos | kryo | kryoserializer | kubernetes | lakewright | locality | log |
        logConf | master | memory | metrics | modify | network | plugins | pyspark | python | r | rdd | redaction |
        reducer | resources | rpc | scheduler | security | serializer | shuffle | shutdown | sparkr | speculation | ssl
        | stage | standalone | storage | streaming | submit | task | taskMetrics | test | testing | ui | unsafe | user |
        worker | yarn ) (?: \. .* )?
    | sql\.(?: catalog\. .* | catalogImplementation | codegen\.(?: cache\.maxEntries | comments ) | debug
        | (?: broadcastExchange | resultQueryStage | shuffleExchange | subquery )\.maxThreadThreshold | cache\.serializer
        | defaultUrlStreamHandlerFactory\.enabled | event\.truncate\.length | extensions (?: \. .* )?
        | filesourceTableRelationCacheSize | globalTempDatabase | hive\.thriftServer\.singleSession
        | legacy\.sessionInitWithConfigDefaults | metadataCacheTTLSeconds | queryExecutionListeners
        | sources\.(?: disabledJdbcConnProviderList | schemaStringLengthThreshold )
        | streaming\.(?: streamingQueryListeners | ui\. .* ) | ui\.retainedExecutions | warehouse\.dir ) )""",
    re.VERBOSE,
)

# Values of settings of Spark that only Databricks knows. Source: https://docs.databricks.com/aws/en/optimizations/aqe
_OF_DATABRICKS = frozenset({("spark.sql.shuffle.partitions", "auto")})

# Variables of a cluster's machines and of a workspace's addresses, those that the run itself sets, and those that are read when
# a program or a library is loaded: a task's interpreter has started already.
_OF_THE_MACHINE = re.compile(
    r"""DBX_ENV | HOME | JAVA_HOME | JNAME | LD_LIBRARY_PATH | MLFLOW_(?: REGISTRY | TRACKING )_URI | PATH | TZ
    | (?: MKL | NUMEXPR | OMP | OPENBLAS )_NUM_THREADS | OMP_WAIT_POLICY
    | (?: ARM_ | DATABRICKS_ | LAKEWRIGHT_ | PYSPARK_ | PYTHON | SPARK_ ) .*""",
    re.VERBOSE,
)


def is_setting_of_a_session(key: str, value: str = "") -> bool:
    """Return whether a Spark setting, with this value, can be given to one session.

    Examples:
        >>> is_setting_of_a_session("spark.sql.ansi.enabled", "false")
        True
        >>> is_setting_of_a_session("spark.executor.memory", "4g")
        False
        >>> is_setting_of_a_session("spark.sql.shuffle.partitions", "auto")
        False
    """
    return key not in _SHAPE and _READ_AT_START.fullmatch(key) is None and (key, value) not in _OF_DATABRICKS


def has_effect(key: str) -> bool:
    """Return whether a setting of a session can have an effect here, or code alone can read it.

    Examples:
        >>> has_effect("spark.databricks.delta.schema.autoMerge.enabled")
        True
        >>> has_effect("spark.databricks.io.cache.enabled")
        False
    """
    if key.startswith("spark.databricks."):
        return key.startswith("spark.databricks.delta.") or key in INITIAL_CATALOG
    return not key.startswith("spark.hadoop.")


def is_worth_a_note(key: str) -> bool:
    """Return whether to report a setting that has no effect; the number of machines is not."""
    return key not in _SHAPE


def is_variable_of_a_task(name: str) -> bool:
    """Return whether an environment variable can be given to the process of one task.

    Examples:
        >>> is_variable_of_a_task("STAGE")
        True
        >>> is_variable_of_a_task("PYSPARK_PYTHON")
        False
    """
    return _OF_THE_MACHINE.fullmatch(name) is None
