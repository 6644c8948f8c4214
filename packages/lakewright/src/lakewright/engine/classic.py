"""The classic session: this process works in the engine's JVM through Py4J, as notebooks share the driver of a cluster."""

import atexit
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lakewright.engine.classic_door import Lease, attach
from lakewright.engine.environment_variables import (
    CONNECT_MODE_VARIABLE,
    REMOTE_VARIABLE,
    TOKEN_VARIABLE,
)
from lakewright.engine.session import act_as, configure

if TYPE_CHECKING:
    from lakewright.engine.attached_spark import AttachedSession


class _Attached:
    """The one classic session of this process: pyspark has one `SparkContext` for each."""

    session: "AttachedSession | None" = None
    lease: Lease | None = None
    engine: str = ""


def open_classic_session(environ: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 - pyspark has no usable types here
    """Open the classic session of this process on the engine that the environment names; a second call returns the same.

    Args:
        environ: The variables from `EngineHandle.classic_environment`; by default those of the process.

    Raises:
        EngineGoneError: The engine does not answer.
    """
    environ = os.environ if environ is None else environ
    engine = environ[TOKEN_VARIABLE]
    if _Attached.session is None or _Attached.engine != engine:
        close_classic_session()
        for name in (REMOTE_VARIABLE, CONNECT_MODE_VARIABLE):  # with them, pyspark builds columns for Connect
            os.environ.pop(name, None)
        from lakewright.engine.attached_spark import open_attached

        _Attached.lease, _Attached.engine = attach(environ), engine
        try:
            _Attached.session = open_attached(_Attached.lease)
        except BaseException:  # Ctrl-C too: half a context would be in the way of the next one
            close_classic_session()
            raise
        atexit.register(close_classic_session)
    act_as(_Attached.session, environ)
    configure(_Attached.session, environ)
    return _Attached.session


def close_classic_session() -> None:
    """Leave the engine; it ends what this process began there. Does nothing without a classic session."""
    if _Attached.lease is not None:
        from lakewright.engine.attached_spark import forget_attached

        forget_attached()
        _Attached.lease.end()
    _Attached.session, _Attached.lease, _Attached.engine = None, None, ""
