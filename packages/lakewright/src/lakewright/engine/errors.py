"""The errors of finding, starting and attaching to an engine."""

from lakewright.errors import InternalError, LakewrightError


class EngineError(LakewrightError, RuntimeError):
    """Base of the engine's errors."""


class JavaNotFoundError(EngineError, FileNotFoundError):
    """Raised when no Java 17 or newer can be found."""


class CacheUnwritableError(EngineError, PermissionError):
    """Raised when something must be put into the user's cache and cannot."""


class JarUnavailableError(EngineError, ConnectionError):
    """Raised when a jar is not in the cache and cannot be fetched."""


class JarCorruptError(EngineError, ValueError):
    """Raised when a fetched jar does not have the locked sha256."""


class EngineStartError(EngineError):
    """Raised when the engine's JVM ends or stays silent while it starts."""


class HeapSizeError(EngineError, ValueError):
    """Raised when the heap of the engine's JVM is not a size, or is too small."""


class JvmOptionError(EngineError, ValueError):
    """Raised when Java refuses an option that the configuration sets for the engine's JVM."""


class EngineBusyError(EngineError, BlockingIOError):
    """Raised when another process writes this lakehouse folder and cannot be attached to."""


class LockUnusableError(EngineError, PermissionError):
    """Raised when the folder of a project's local runs cannot be read or written."""


class EngineMismatchError(EngineError, ValueError):
    """Raised when the running engine was started in a way that does not fit this process."""


class PluginCompileError(InternalError):
    """Raised when the catalog plugin does not compile."""
