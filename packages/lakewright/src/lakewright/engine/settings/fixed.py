"""List the settings that cannot change while an engine is running, by their keys in the configuration, and compare lists."""

import hashlib
import re
import shlex
from collections.abc import Mapping

from databricks_utils.config import SecretText, hide, looks_secret
from lakewright.engine.settings.engine_settings import EngineSettings

_HIDDEN = "sha256:"
_NONE = "(none)"
# The separators before a value in an option: `-Dname=value`, `-javaagent:a.jar=name=value`.
_NAME_ENDS = re.compile(r"^-D|[=:,]")


def fixed_settings(settings: EngineSettings) -> dict[str, str]:
    """Return the fixed settings by key. Secrets are hashed, so that the result may be written to a file."""
    keys = {
        "spark.engine.memory": settings.memory,
        "spark.engine.java_home": str(settings.java_home or ""),
        "spark.engine.jvm_options": shlex.join(_without_secret(option) for option in settings.jvm_options),
        "catalog.name": settings.default_catalog,
        "environments that no session may name": ", ".join(settings.other_environments),
        "storage.local_folders": ", ".join(map(str, settings.local_folders)),
    }
    config = {
        f"spark.config.{key}": _hashed(value) if isinstance(hide(value, key=key), SecretText) else value
        for key, value in sorted(settings.spark_config.items())
        if _is_static(key)
    }
    return {key: value for key, value in keys.items() if value} | config


def differences(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return one line for each key whose value changed: `spark.engine.memory: 2g → 4g`."""
    keys = [*now, *(key for key in then if key not in now)]
    return [_difference(key, then.get(key), now.get(key)) for key in keys if then.get(key) != now.get(key)]


def _is_static(key: str) -> bool:
    """Return whether Spark reads a key only at its start."""
    return not key.startswith("spark.sql.") or key in {"spark.sql.extensions", "spark.sql.warehouse.dir"}


def _difference(key: str, then: str | None, now: str | None) -> str:
    before, after = (_NONE if value is None else _shown(value) for value in (then, now))
    return f"{key}: {before} → {after}" if before != after else f"{key}: another secret value"


def _shown(value: str) -> str:
    return re.sub(rf"{_HIDDEN}\w+", "(a secret)", value) or "(empty)"


def _hashed(value: str) -> str:
    return f"{_HIDDEN}{hashlib.sha256(value.encode()).hexdigest()[:16]}"


def _without_secret(option: str) -> str:
    names = _NAME_ENDS.split(option)[:-1]
    secret = isinstance(option, SecretText) or any(looks_secret(name) for name in names)
    return _hashed(option) if secret else option
