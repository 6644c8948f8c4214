"""The options of the engine's JVM: the engine's own, and the user's, which replace them."""

import re
from collections.abc import Sequence

from lakewright.engine.settings.engine_settings import EngineSettings

# The options of Spark's launcher (org.apache.spark.launcher.JavaModuleOptions in 4.2.0), without the incubating vector
# module: slim runtimes lack it, and Delta on one machine does not need it. A test compares them with the launcher's.
_OPENED = (
    *(
        f"java.base/java.{name}"
        for name in ("lang", "lang.invoke", "lang.reflect", "io", "net", "nio", "util")
    ),
    "java.base/java.util.concurrent",
    "java.base/java.util.concurrent.atomic",
    "java.base/jdk.internal.ref",
    "java.base/sun.nio.ch",
    "java.base/sun.nio.cs",
    "java.base/sun.security.action",
    "java.base/sun.util.calendar",
    "java.security.jgss/sun.security.krb5",
)
MODULE_OPTIONS = (
    "-XX:+IgnoreUnrecognizedVMOptions",
    *(f"--add-opens={package}=ALL-UNNAMED" for package in _OPENED),
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dio.netty.allocator.type=pooled",
    "-Dio.netty.handler.ssl.defaultEndpointVerificationAlgorithm=NONE",
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
)
# The first compiler and the serial collector cost the least CPU on a few cores. With the first compiler alone the JVM
# reserves only 48 MB for compiled code, which Spark fills within minutes: compiling then stops, and method handles fail.
TUNING_OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:ReservedCodeCacheSize=240m")
_COLLECTOR = re.compile(r"-XX:\+Use(Serial|Parallel|G1|Z|Shenandoah|Epsilon)GC")


def engine_options(settings: EngineSettings, *, archive: Sequence[str]) -> list[str]:
    """Return the options of an engine, in the order in which Java takes them: the user's come last and win.

    Args:
        settings: The engine's settings.
        archive: The options of the class archive; see `archive_options`.
    """
    return [
        f"-Xmx{settings.memory}",
        *tuning_options(settings),
        *archive,
        *MODULE_OPTIONS,
        *settings.jvm_options,
    ]


def tuning_options(settings: EngineSettings) -> tuple[str, ...]:
    """Return the engine's own tuning options, without a garbage collector if the user's options set one."""
    chosen = any(_COLLECTOR.fullmatch(option) for option in settings.jvm_options)
    return tuple(option for option in TUNING_OPTIONS if not (chosen and _COLLECTOR.fullmatch(option)))
