"""What cannot be changed while an engine runs, in the words of the configuration, and what has changed of it since."""

import hashlib
import re
from collections.abc import Mapping

from databricks_utils.config import SecretText, hide, looks_secret
from lakewright.engine.settings import EngineSettings, is_static

_HIDDEN = "sha256:"
_NONE = "(none)"
# What may stand before a value in an option: `-Dname=value`, `-javaagent:a.jar=name=value`.
_NAME_ENDS = re.compile(r"^-D|[=:,]")


def fixed_settings(settings: EngineSettings) -> dict[str, str]:
    """List the fixed settings by the names of their keys; of secrets only hashes, so that they may be recorded."""
    keys = {
        "spark.engine.memory": settings.memory,
        "spark.engine.java_home": str(settings.java_home or ""),
        "spark.engine.jvm_options": " ".join(_without_secret(option) for option in settings.jvm_options),
        "catalog.name": settings.default_catalog,
    }
    config = {
        f"spark.config.{key}": _hashed(value) if isinstance(hide(value, key=key), SecretText) else value
        for key, value in sorted(settings.spark_config.items())
        if is_static(key)
    }
    return {key: value for key, value in (keys | config).items() if value}


def differences(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Tell key by key what has changed, a line each: `spark.engine.memory: 2g → 4g`."""
    keys = [*now, *(key for key in then if key not in now)]
    return [_difference(key, then.get(key), now.get(key)) for key in keys if then.get(key) != now.get(key)]


def _difference(key: str, then: str | None, now: str | None) -> str:
    before, after = (_NONE if value is None else _shown(value) for value in (then, now))
    return f"{key}: {before} → {after}" if before != after else f"{key}: another secret value"


def _shown(value: str) -> str:
    return re.sub(rf"{_HIDDEN}\w+", "(a secret)", value)


def _hashed(value: str) -> str:
    return f"{_HIDDEN}{hashlib.sha256(value.encode()).hexdigest()[:16]}"


def _without_secret(option: str) -> str:
    names = _NAME_ENDS.split(option)[:-1]
    secret = isinstance(option, SecretText) or any(looks_secret(name) for name in names)
    return _hashed(option) if secret else option
