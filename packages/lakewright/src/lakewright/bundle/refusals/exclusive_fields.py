"""Fields of which a bundle may set only one, because they say the same thing in two ways."""

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.rules.files.exclusive_fields import ExclusiveFields

# Source: the Databricks CLI, bundle/config/mutator/load_dbalert_files.go: all else comes from the file.
_BESIDE_AN_ALERT_FILE = {"warehouse_id", "display_name", "file_path", "permissions", "lifecycle"}


def check_exclusive_fields(draft: Draft) -> None:
    """Report fields that exclude each other, before defaults are filled in."""
    _check_python(draft)
    _check_served_models(draft)
    for key, alert in draft.resources("alerts"):
        others = [field for field in alert.value if field not in _BESIDE_AN_ALERT_FILE]
        for field in others if alert.text("file_path") else ():
            if alert.plain(field) is not None:
                draft.add(ExclusiveFields.of("file_path", field, f"resources.alerts.{key}.{field}"))
    for key, space in draft.resources("genie_spaces"):
        if space.text("file_path") and space.plain("serialized_space") is not None:
            path = f"resources.genie_spaces.{key}.serialized_space"
            draft.add(ExclusiveFields.of("file_path", "serialized_space", path))


def _check_python(draft: Draft) -> None:
    current, old = draft.tree.plain("python"), draft.tree.plain("experimental", "python")
    if current and old and current != old:
        draft.add(ExclusiveFields.of("python", "experimental.python", "experimental.python"))


def _check_served_models(draft: Draft) -> None:
    for key, endpoint in draft.resources("model_serving_endpoints"):
        if endpoint.plain("config", "served_models") and endpoint.plain("config", "served_entities"):
            path = f"resources.model_serving_endpoints.{key}.config.served_models"
            draft.add(ExclusiveFields.of("served_entities", "served_models", path))
