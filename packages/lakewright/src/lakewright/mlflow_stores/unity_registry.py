"""A model registry in MLflow's sqlite store with Unity Catalog's rules; MLflow finds it by an entry point.

`unity_rules.py` says what is refused, `model_rights.py` who may do what. Everything else is MLflow's own store.
"""

from typing import Any

import mlflow
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.prompt.constants import IS_PROMPT_TAG_KEY
from mlflow.prompt.registry_utils import add_prompt_filter_string, has_prompt_tag
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore
from mlflow.utils._spark_utils import _get_active_spark_session
from mlflow.utils._unity_catalog_utils import get_full_name_from_sc

from lakewright.mlflow_stores.model_rights import ModelRights
from lakewright.mlflow_stores.places import sqlite_uri
from lakewright.mlflow_stores.unity_rules import (
    already_exists,
    check_signature,
    checked_filter,
    checked_name,
    checked_new_name,
    refuse_arguments,
    refuse_method,
)

# MLflow's client adds this condition to every search for models.
_NO_PROMPTS = add_prompt_filter_string(None)
_NOT_FOUND = "RESOURCE_DOES_NOT_EXIST"
_USE_ALIASES = (
    "Set an alias with `MlflowClient().set_registered_model_alias(name, alias, version)` and load the model by "
    "'models:/catalog.schema.model@alias'."
)


class UnityModelStore(SqlAlchemyStore):  # type: ignore[misc]  # mlflow has no types
    """The registry.

    Args:
        store_uri: `lakewright-unity:////path/mlflow.db`.
        tracking_uri: Where the artifacts of runs are found.
    """

    def __init__(self, store_uri: str, tracking_uri: str | None = None) -> None:
        super().__init__(sqlite_uri(store_uri))
        self._tracking_uri = tracking_uri
        self._rights = ModelRights.of_store(sqlite_uri(store_uri), self._is_stored)

    def create_registered_model(self, name: str, *args: Any, **options: Any) -> Any:
        """Create a model with a name of three parts; whoever creates it owns it."""
        full_name = checked_new_name(_completed(name))
        if not (self._exists(full_name) and self._rights.may_add_version(full_name)):
            self._rights.to_create(full_name)
        elif not self._rights.may_read(full_name):  # MLflow's store would look at the model that is there
            already_exists(full_name)
        with self._rights.creating(full_name):
            return super().create_registered_model(full_name, *args, **options)

    def update_registered_model(self, name: str, *args: Any, **options: Any) -> Any:
        """Change a model's description."""
        full_name = _full(name)
        self._rights.to_manage(full_name)
        return super().update_registered_model(full_name, *args, **options)

    def rename_registered_model(self, name: str, new_name: str) -> Any:
        """Rename a model."""
        full_name, target = _full(name), _full(new_name)
        self._rights.to_manage(full_name)
        self._rights.to_create(target)
        self._exists(full_name)
        with self._rights.renaming(full_name, target):
            return super().rename_registered_model(full_name, target)

    def delete_registered_model(self, name: str) -> None:
        """Delete a model with its versions."""
        full_name = _full(name)
        self._rights.to_manage(full_name)
        self._exists(full_name)
        with self._rights.deleting(full_name):
            super().delete_registered_model(full_name)

    def get_registered_model(self, name: str) -> Any:
        """A model by name."""
        full_name = _full(name)
        self._rights.to_read(full_name)
        self._exists(full_name)
        return super().get_registered_model(full_name)

    def search_registered_models(
        self,
        filter_string: str | None = None,
        max_results: int | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> Any:
        """All models that may be read; Unity Catalog takes neither a filter nor an order."""
        own = (filter_string or "").removesuffix(_NO_PROMPTS).removesuffix(" AND ")
        if IS_PROMPT_TAG_KEY not in own:  # MLflow's client searches for prompts by this method too
            refuse_arguments(filter_string=own, order_by=order_by)
        options = {} if max_results is None else {"max_results": max_results}
        found = super().search_registered_models(filter_string, page_token=page_token, **options)
        return PagedList([one for one in found if self._rights.may_read(one.name)], found.token)

    def set_registered_model_tag(self, name: str, tag: Any) -> None:
        """Set a tag of a model."""
        full_name = _full(name)
        self._rights.to_tag(full_name)
        super().set_registered_model_tag(full_name, tag)

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Delete a tag of a model."""
        full_name = _full(name)
        self._rights.to_tag(full_name)
        super().delete_registered_model_tag(full_name, key)

    def set_registered_model_alias(self, name: str, alias: str, version: Any) -> None:
        """Let an alias name a version."""
        full_name = _full(name)
        self._rights.to_manage(full_name)
        super().set_registered_model_alias(full_name, alias, version)

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Delete an alias."""
        full_name = _full(name)
        self._rights.to_manage(full_name)
        super().delete_registered_model_alias(full_name, alias)

    def get_model_version_by_alias(self, name: str, alias: str) -> ModelVersion:
        """The version that an alias names."""
        full_name = _full(name)
        self._rights.to_read(full_name)
        return super().get_model_version_by_alias(full_name, alias)

    def get_latest_versions(self, name: str, stages: list[str] | None = None) -> Any:
        """Refused: Unity Catalog has no stages.

        Raises:
            MlflowException: Always.
        """
        del name
        asked = f"The stages {stages} do not exist there. " if stages else ""
        refuse_method("get_latest_versions", asked + _USE_ALIASES)

    def transition_model_version_stage(self, *_: Any, **__: Any) -> Any:
        """Refused: Unity Catalog has no stages.

        Raises:
            MlflowException: Always.
        """
        refuse_method("transition_model_version_stage", _USE_ALIASES)

    def create_model_version(  # noqa: PLR0913, PLR0917 - MLflow's signature
        self,
        name: str,
        source: str,
        run_id: str | None = None,
        tags: list[Any] | None = None,
        run_link: str | None = None,
        description: str | None = None,
        local_model_path: str | None = None,
        model_id: str | None = None,
    ) -> ModelVersion:
        """Create a version of a model that has a signature.

        Raises:
            MlflowException: The model cannot be read, or its signature lacks inputs or outputs.
        """
        refuse_arguments(run_link=run_link)
        full_name = _full(name)
        self._rights.to_add_version(full_name)
        self._exists(full_name)
        if not has_prompt_tag(tags):
            check_signature(local_model_path or self._folder_of(source))
        return super().create_model_version(
            full_name, source, run_id, tags, None, description, local_model_path, model_id
        )

    def update_model_version(self, name: str, version: Any, description: str | None = None) -> ModelVersion:
        """Change a version's description."""
        full_name = _full(name)
        self._rights.to_manage(full_name)
        return super().update_model_version(full_name, version, description)

    def delete_model_version(self, name: str, version: Any) -> None:
        """Delete a version."""
        full_name = _full(name)
        self._rights.to_manage(full_name)
        super().delete_model_version(full_name, version)

    def get_model_version(self, name: str, version: Any) -> ModelVersion:
        """A version by number."""
        full_name = _full(name)
        self._rights.to_read(full_name)
        return super().get_model_version(full_name, version)

    def get_model_version_download_uri(self, name: str, version: Any) -> str:
        """Where the files of a version are."""
        full_name = _full(name)
        self._rights.to_read(full_name)
        return str(super().get_model_version_download_uri(full_name, version))

    def search_model_versions(
        self,
        filter_string: str | None = None,
        max_results: int | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> Any:
        """The versions of one model or of one run that may be read; Unity Catalog takes no order."""
        refuse_arguments(order_by=order_by)
        condition = checked_filter(filter_string)
        if condition is not None:
            key, value = condition
            value = _full(value) if key == "name" else value
            if key == "name" and self._rights.is_known(value):
                self._rights.to_read(value)
            filter_string = f"{key} = '{value}'"
        options = {} if max_results is None else {"max_results": max_results}
        found = super().search_model_versions(filter_string, page_token=page_token, **options)
        return PagedList([one for one in found if self._rights.may_read(one.name)], found.token)

    def set_model_version_tag(self, name: str, version: Any, tag: Any) -> None:
        """Set a tag of a version."""
        full_name = _full(name)
        self._rights.to_tag(full_name)
        super().set_model_version_tag(full_name, version, tag)

    def delete_model_version_tag(self, name: str, version: Any, key: str) -> None:
        """Delete a tag of a version."""
        full_name = _full(name)
        self._rights.to_tag(full_name)
        super().delete_model_version_tag(full_name, version, key)

    def _exists(self, full_name: str) -> bool:
        """Return whether a model exists.

        One that a deployment has recorded is made with its first use, and one from before there were records gets one.
        """
        if not self._is_stored(full_name):
            if not self._rights.is_recorded(full_name):
                return False
            super().create_registered_model(full_name)
        self._rights.record_of_old(full_name)
        return True

    def _is_stored(self, full_name: str) -> bool:
        try:
            super().get_registered_model(full_name)
        except MlflowException as error:
            if error.error_code != _NOT_FOUND:
                raise
            return False
        return True

    def _folder_of(self, source: str) -> str:
        try:
            return str(
                mlflow.artifacts.download_artifacts(artifact_uri=source, tracking_uri=self._tracking_uri)
            )
        except Exception as error:
            raise MlflowException(
                f"Unable to download model artifacts from source artifact location '{source}': {error}"
            ) from error


def _completed(name: str) -> str:
    """A name with the session's catalog and schema, where it lacks them; MLflow's client does the same there."""
    return str(get_full_name_from_sc(name, _get_active_spark_session()))


def _full(name: str) -> str:
    return checked_name(_completed(name))
