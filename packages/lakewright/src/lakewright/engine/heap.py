"""How much memory the engine's JVM gets, checked before it is started with too little or with nonsense."""

from databricks_utils.config import MEMORY_SIZE
from lakewright.engine.errors import HeapSizeError
from lakewright.engine.settings import EngineSettings

_KEY = "spark.engine.memory"
_OPTIONS_KEY = "spark.engine.jvm_options"
_EXPONENTS = {"k": 10, "m": 20, "g": 30, "t": 40}
# Spark wants 471,859,200 bytes, and sees the heap without one of the spaces that the collector moves objects between: with
# 464m it sees 470,351,872 bytes, with 465m 472,383,488.
_LEAST_BYTES = 465 << 20
_HEAP_OPTION = "-Xmx"
# What takes the place of the heap's size; `-XX:MaxRAMPercentage=` and its like give way to it.
_OVERRIDE = "-XX:MaxHeapSize="


def heap_of(settings: EngineSettings) -> str:
    """Return the heap's size: that of the last `-Xmx` among the user's options, or `spark.engine.memory`."""
    own = [option for option in settings.jvm_options if option.startswith(_HEAP_OPTION)]
    return own[-1].removeprefix(_HEAP_OPTION) if own else settings.memory


def options_beside_heap(settings: EngineSettings) -> list[str]:
    """List the user's options without the heap's size, which Spark's launcher wants apart."""
    return [option for option in settings.jvm_options if not option.startswith(_HEAP_OPTION)]


def check_heap(settings: EngineSettings) -> None:
    """Refuse a heap that no engine can run with.

    Raises:
        HeapSizeError: It is no size, or less than Spark needs; names the key and the place that gave the value.
    """
    if not MEMORY_SIZE.fullmatch(settings.memory):
        raise HeapSizeError(
            f"`{_KEY}` is `{settings.memory}`, which is no size",
            detail="a size is a whole number and a unit, without a space: k, m, g or t",
            location=settings.place_of(_KEY),
            fix=f"write e.g. `{EngineSettings.memory}`",
        )
    if any(option.startswith(_OVERRIDE) for option in settings.jvm_options):
        return
    heap = heap_of(settings)
    key = _OPTIONS_KEY if len(options_beside_heap(settings)) < len(settings.jvm_options) else _KEY
    # An option may be bytes without a unit: whatever else Java takes is Java's to judge.
    if MEMORY_SIZE.fullmatch(heap) and int(heap[:-1]) << _EXPONENTS[heap[-1].lower()] < _LEAST_BYTES:
        raise HeapSizeError(
            f"the heap in `{key}` is `{heap}`, which is too little for Spark",
            detail=f"it does not start with less than {_LEAST_BYTES >> 20}m; the default is {EngineSettings.memory}",
            location=settings.place_of(key),
            fix="give it `1g` or more, or leave it out",
        )
