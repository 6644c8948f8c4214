"""The environment variables with which a process finds its engine and sets its principal, and the settings of its session."""

from lakewright.rights.variables import GRANTS_VARIABLE as GRANTS_VARIABLE  # noqa: PLC0414 - belongs to the list
from lakewright.rights.variables import IGNORED as IGNORED  # noqa: PLC0414 - as above
from lakewright.rights.variables import PRINCIPAL_VARIABLE as PRINCIPAL_VARIABLE  # noqa: PLC0414 - as above

CONF_VARIABLE = "LAKEWRIGHT_SESSION_CONF"  # the settings of a task's cluster for its session, as JSON
LINEAGE_PREFIX = "spark.lakewright.lineage."  # of a session's settings that name the run
PROJECT_VARIABLE = "LAKEWRIGHT_PROJECT"
MODE_VARIABLE = "LAKEWRIGHT_SPARK_MODE"  # `connect` or `classic`, set by a run for all its tasks; overrides the configuration
CONNECT_MODE_VARIABLE = "SPARK_CONNECT_MODE_ENABLED"  # makes pyspark.sql.functions build Connect columns
NO_PROXY_VARIABLE = "no_grpc_proxy"
CLASSIC_VARIABLE = "LAKEWRIGHT_CLASSIC_PORT"  # the engine's port for classic sessions
CLIENT_VARIABLE = (
    "LAKEWRIGHT_CLASSIC_CLIENT"  # the name under which a process is attached; the runner ends it by this name
)
REMOTE_VARIABLE = "SPARK_REMOTE"
TOKEN_VARIABLE = "SPARK_CONNECT_AUTHENTICATE_TOKEN"  # noqa: S105 - the variable's name
