"""How much memory the engine's JVM gets, checked before it is started with too little or with nonsense."""

import re

from lakewright.engine.errors import HeapSizeError
from lakewright.engine.settings import EngineSettings

_KEY = "spark.engine.memory"
_SIZE = re.compile(r"([1-9][0-9]*)([kmgt])", re.IGNORECASE)
_EXPONENTS = {"k": 10, "m": 20, "g": 30, "t": 40}
# Spark wants 471,859,200 bytes, and sees the heap without one of the spaces that the collector moves objects between: with
# 464m it sees 470,351,872 bytes, with 465m 472,383,488.
_LEAST_BYTES = 465 << 20
# What takes the place of `-Xmx`; `-XX:MaxRAMPercentage=` and its like give way to it.
_OVERRIDES = ("-Xmx", "-XX:MaxHeapSize=")


def check_heap(settings: EngineSettings) -> None:
    """Refuse a heap that no engine can run with.

    Raises:
        HeapSizeError: It is no size, or less than Spark needs; names the key and the place that gave the value.
    """
    size = _SIZE.fullmatch(settings.memory)
    if size is None:
        raise HeapSizeError(
            f"`{_KEY}` is `{settings.memory}`, which is no size",
            detail="a size is a whole number and a unit, without a space: k, m, g or t",
            location=settings.place_of(_KEY),
            mend=f"write e.g. `{EngineSettings.memory}`",
        )
    if any(option.startswith(_OVERRIDES) for option in settings.jvm_options):
        return
    if int(size[1]) << _EXPONENTS[size[2].lower()] < _LEAST_BYTES:
        raise HeapSizeError(
            f"`{_KEY}` is `{settings.memory}`, which is too little for Spark",
            detail=f"it does not start with less than {_LEAST_BYTES >> 20}m; the default is {EngineSettings.memory}",
            location=settings.place_of(_KEY),
            mend="give it `1g` or more, or leave the key out",
        )
