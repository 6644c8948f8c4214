"""Every value of a configuration with its origin; `lakewright config show` prints them."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel, SecretStr

from databricks_utils.config.model.environment_config import EnvironmentConfig
from databricks_utils.config.model.keys import fields_of
from databricks_utils.config.origin import Origin
from databricks_utils.config.secrecy import MASK, is_reference, looks_secret
from databricks_utils.config.tree import Data, KeyPath

_MODEL_DEFAULT = Origin("default", "default")


@dataclass(frozen=True)
class Explained:
    """One value of a configuration.

    Attributes:
        key: Its dotted path.
        value: The value; stars in place of a secret.
        origin: The place that gave it.
    """

    key: str
    value: Data
    origin: Origin

    @property
    def text(self) -> str:
        """The value as text for a table."""
        if self.value is None:
            return "—"
        if isinstance(self.value, bool):
            return str(self.value).lower()
        return str(self.value) if not isinstance(self.value, list) else ", ".join(map(str, self.value))


def explain(config: EnvironmentConfig) -> tuple[Explained, ...]:
    """Return every value of a configuration with its origin, in the order of the model.

    Args:
        config: A configuration; if it was not loaded from files, every origin is `default`.

    >>> from databricks_utils.config import ConfigLoader
    >>> from databricks_utils.testing import example_config_folder
    >>> rows = {row.key: row for row in explain(ConfigLoader.load("prod", example_config_folder()))}
    >>> rows["catalog.name"].value, rows["catalog.name"].origin.line
    ('prod_analytics', 2)
    """
    return tuple(_section(config, (), config))


def _section(section: BaseModel, path: KeyPath, config: EnvironmentConfig) -> Iterator[Explained]:
    names = {id(field): name for name, field in type(section).model_fields.items()}
    for key, field in fields_of(type(section)).items():
        value = getattr(section, names[id(field)])
        if isinstance(value, BaseModel):
            yield from _section(value, (*path, key), config)
        else:
            yield from _value(value, (*path, key), config)


def _value(value: object, path: KeyPath, config: EnvironmentConfig) -> Iterator[Explained]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _value(item, (*path, str(key)), config)
        return
    origin = config.origin_of(*path) or _MODEL_DEFAULT
    yield Explained(".".join(path), _shown(value, path, config), origin)


def _shown(value: object, path: KeyPath, config: EnvironmentConfig) -> Data:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_shown(item, (*path, str(index)), config) for index, item in enumerate(value)]
    text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    if is_reference(text):
        return text
    secret = isinstance(value, SecretStr) or config.holds_secret(*path) or any(map(looks_secret, path))
    return MASK if secret else text
