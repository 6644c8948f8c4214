"""The base of all sections of a configuration."""

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from databricks_utils.config.secrecy import holds_secret_text, stars
from databricks_utils.config.tree import Data


class Section(BaseModel):
    """Base of all sections: frozen, refuses unknown keys, and keeps values out of pydantic's errors."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        hide_input_in_errors=True,
        protected_namespaces=(),
    )

    @model_serializer(mode="wrap", when_used="json")
    def _without_secrets(self, handler: SerializerFunctionWrapHandler) -> dict[str, Data]:
        """Hide secrets in JSON too, as pydantic does for `SecretStr`."""
        data: dict[str, Data] = handler(self)
        hidden = {
            name: stars(value)
            for name, value in self.__dict__.items()
            if name in data and holds_secret_text(value)
        }
        return {**data, **hidden}
