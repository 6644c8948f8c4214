"""The errors of finding, starting and attaching to an engine."""

from lakewright.errors import InternalError, LakewrightError


class EngineError(LakewrightError, RuntimeError):
    """Base of the engine's errors."""


class JavaNotFoundError(EngineError, FileNotFoundError):
    """Raised when no Java 17 or newer is found."""


class CacheUnwritableError(EngineError, PermissionError):
    """Raised when the user's cache cannot be written."""


class JarUnavailableError(EngineError, ConnectionError):
    """Raised when a jar is not in the cache and cannot be fetched."""


class JarCorruptError(EngineError, ValueError):
    """Raised when a fetched jar does not have the locked sha256."""


class EngineStartError(EngineError):
    """Raised when the engine's JVM ends during its start, or does not listen in time."""


class HeapSizeError(EngineError, ValueError):
    """Raised when the heap of the engine's JVM is not a valid size, or is too small."""


class JvmOptionError(EngineError, ValueError):
    """Raised when Java refuses an option that the configuration sets for the engine's JVM."""


class EngineBusyError(EngineError, BlockingIOError):
    """Raised when another process uses this lakehouse folder and accepts no connection."""


class EngineGoneError(EngineError, ConnectionError):
    """Raised when the engine that a classic session was given does not answer."""


class FileTakenError(EngineError, FileExistsError):
    """Raised when code adds a file to a classic session's context that has one with this name and other content."""


class LockUnusableError(EngineError, PermissionError):
    """Raised when the lock in a project's folder of local runs cannot be used."""


class EngineMismatchError(EngineError, ValueError):
    """Raised when the running engine has another interpreter or other fixed settings than this process."""


class PluginCompileError(InternalError):
    """Raised when the catalog plugin does not compile."""
