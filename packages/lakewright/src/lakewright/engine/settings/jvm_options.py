"""Choose the options of the JVM: the engine's own, unless the user's options replace them."""

import re

from lakewright.engine.parts.java import TUNING_OPTIONS
from lakewright.engine.settings.engine_settings import EngineSettings

_COLLECTOR = re.compile(r"-XX:\+Use(Serial|Parallel|G1|Z|Shenandoah|Epsilon)GC")


def tuning_options(settings: EngineSettings) -> tuple[str, ...]:
    """Return the engine's own tuning options, without a garbage collector if the user's options set one."""
    chosen = any(_COLLECTOR.fullmatch(option) for option in settings.jvm_options)
    return tuple(option for option in TUNING_OPTIONS if not (chosen and _COLLECTOR.fullmatch(option)))
