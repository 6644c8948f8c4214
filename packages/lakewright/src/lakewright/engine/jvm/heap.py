"""Check the heap of the engine's JVM before its start: the size must be valid, and enough for Spark."""

from databricks_utils.config import MEMORY_SIZE
from lakewright.engine.errors import HeapSizeError
from lakewright.engine.settings.engine_settings import EngineSettings

_KEY = "spark.engine.memory"
_OPTIONS_KEY = "spark.engine.jvm_options"
_EXPONENTS = {"k": 10, "m": 20, "g": 30, "t": 40}
# Spark needs 471,859,200 bytes, and does not count one of the survivor spaces of the heap: with 464m it counts
# 470,351,872 bytes, with 465m 472,383,488.
_LEAST_BYTES = 465 << 20
_HEAP_OPTION = "-Xmx"
# This option overrides `-Xmx`; `-XX:MaxRAMPercentage=` and similar options do not.
_OVERRIDE = "-XX:MaxHeapSize="


def heap_of(settings: EngineSettings) -> str:
    """Return the heap's size: from the last `-Xmx` in the user's options, else `spark.engine.memory`."""
    own = _own_sizes(settings)
    return own[-1] if own else settings.memory


def _own_sizes(settings: EngineSettings) -> list[str]:
    """The sizes in the user's options, of which Java takes the last."""
    found = (option for option in settings.jvm_options if option.startswith(_HEAP_OPTION))
    return [option.removeprefix(_HEAP_OPTION) for option in found]


def check_heap(settings: EngineSettings) -> None:
    """Check that an engine can run with this heap.

    Raises:
        HeapSizeError: It is not a valid size, or is less than Spark needs; the error names the key and its place.
    """
    if not MEMORY_SIZE.fullmatch(settings.memory):
        raise HeapSizeError(
            f"`{_KEY}` is `{settings.memory}`, which is not a valid size",
            detail="a size is a whole number and a unit (k, m, g or t) without a space",
            location=settings.place_of(_KEY),
            fix=f"write e.g. `{EngineSettings.memory}`",
        )
    if any(option.startswith(_OVERRIDE) for option in settings.jvm_options):
        return
    heap = heap_of(settings)
    key = _OPTIONS_KEY if _own_sizes(settings) else _KEY
    # The option may also be a number of bytes without a unit; Java checks that case.
    if MEMORY_SIZE.fullmatch(heap) and int(heap[:-1]) << _EXPONENTS[heap[-1].lower()] < _LEAST_BYTES:
        raise HeapSizeError(
            f"the heap in `{key}` is `{heap}`, which is too small for Spark",
            detail=f"Spark needs at least {_LEAST_BYTES >> 20}m; the default is {EngineSettings.memory}",
            location=settings.place_of(key),
            fix="set it to `1g` or more, or remove it",
        )
