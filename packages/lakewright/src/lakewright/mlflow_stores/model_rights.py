"""What Unity Catalog asks for in the model registry, and the record by which the lakehouse knows a model's owner and grants.

Sources: https://docs.databricks.com/api/workspace/registeredmodels and
https://docs.databricks.com/aws/en/machine-learning/manage-model-lifecycle/
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from lakewright.mlflow_stores.unity_rules import already_exists, refuse
from lakewright.rights.process import rights_of_process
from lakewright.rights.variables import PRINCIPAL_VARIABLE
from lakewright.storage.machine_user import machine_user

if TYPE_CHECKING:
    from databricks_utils.catalog.grants import Securable

_PROJECT_VARIABLE = "LAKEWRIGHT_PROJECT"


class ModelRights:
    """The rights of this process's principal on registered models, and their records.

    Args:
        lakehouse: The folder with `_catalog/`.
        is_stored: Whether MLflow's database has a model of a name.
        environ: The variables of the process.
    """

    def __init__(
        self, lakehouse: Path, is_stored: Callable[[str], bool], environ: Mapping[str, str] = os.environ
    ) -> None:
        self._lakehouse, self._is_stored = lakehouse, is_stored
        self._owner = environ.get(PRINCIPAL_VARIABLE) or machine_user()
        self._rights = rights_of_process(lakehouse, environ)

    @classmethod
    def of_store(
        cls, database: str, is_stored: Callable[[str], bool], environ: Mapping[str, str] = os.environ
    ) -> ModelRights:
        """Return those of a store: of the project that the process works for, or of the one that has the database.

        Args:
            database: The address of the sqlite database.
            is_stored: Whether the database has a model of a name.
            environ: The variables of the process.
        """
        project = environ.get(_PROJECT_VARIABLE)
        state = Path(project) / ".lakewright" if project else Path(database.removeprefix("sqlite:///")).parent
        return cls(state / "lakehouse", is_stored, environ)

    def to_create(self, name: str) -> None:
        """Ask for what a new model takes: CREATE MODEL or CREATE FUNCTION on its schema.

        Source: https://docs.databricks.com/api/uc-registered-models/v1/create-registered-model.md

        Raises:
            RestException: The principal has neither, or lacks USE on the way.
        """
        if self._rights is not None:
            self._require("CREATE_MODEL", "CREATE_FUNCTION", on=_model(name).above[-1], name=name)

    def to_add_version(self, name: str) -> None:
        """Ask for CREATE MODEL VERSION, which the owner has.

        Raises:
            RestException: The principal lacks it.
        """
        self._on_model("CREATE_MODEL_VERSION", name)

    def to_read(self, name: str) -> None:
        """Ask for EXECUTE: to see a model and its versions, and to load one.

        Raises:
            RestException: The principal lacks it.
        """
        self._on_model("EXECUTE", name)

    def to_tag(self, name: str) -> None:
        """Ask for APPLY TAG, on a model for its versions too.

        Raises:
            RestException: The principal lacks it.
        """
        self._on_model("APPLY_TAG", name)

    def to_manage(self, name: str) -> None:
        """Ask for MANAGE, which the owner has: aliases, descriptions, removal.

        Raises:
            RestException: The principal lacks it.
        """
        self._on_model("MANAGE", name)

    def may_read(self, name: str) -> bool:
        """Return whether a model is shown in a list."""
        return self._rights is None or self._rights.decide("EXECUTE", _model(name)).allowed

    def may_add_version(self, name: str) -> bool:
        """Return whether the principal may register versions of a model."""
        return self._rights is None or self._rights.decide("CREATE_MODEL_VERSION", _model(name)).allowed

    def is_known(self, name: str) -> bool:
        """Return whether there is a model, to those who may know it; who is not held learns it from MLflow.

        Raises:
            RestException: There is none, and the principal lacks USE on its schema or catalog.
        """
        if self._rights is None or self.is_recorded(name) or self._is_stored(name):
            return True
        self._require("USE_SCHEMA", on=_model(name).above[-1], name=name)
        return False

    def is_recorded(self, name: str) -> bool:
        """Return whether the lakehouse knows a model."""
        return self._file(name).is_file()

    @contextlib.contextmanager
    def creating(self, name: str) -> Iterator[None]:
        """Write the record of a new model, which the principal of this process owns; remove it if MLflow makes no model.

        The record comes first: a model without one would belong to whose machine it is.
        """
        is_new = not self.is_recorded(name)
        self._record(name, self._owner)
        try:
            yield
        except BaseException:
            if is_new and not self._is_stored(name):
                self._file(name).unlink(missing_ok=True)
            raise

    def record_of_old(self, name: str) -> None:
        """Write the record of a model from before there were records: whose machine it is owns it."""
        self._record(name, machine_user())

    @contextlib.contextmanager
    def deleting(self, name: str) -> Iterator[None]:
        """Remove the record of a model, with its grants; put it back if MLflow keeps the model.

        The record goes first: the next model of this name would have its owner and grants.
        """
        file = self._file(name)
        aside = file.with_name(f".{file.name}-deleted")
        with contextlib.suppress(FileNotFoundError):
            file.replace(aside)
        try:
            yield
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                aside.replace(file)
            raise
        aside.unlink(missing_ok=True)

    @contextlib.contextmanager
    def renaming(self, name: str, new_name: str) -> Iterator[None]:
        """Give the record of a model its new name too, and take it from the old one once MLflow has renamed the model.

        Raises:
            RestException: There is a record of the new name, or its schema is not in the lakehouse.
        """
        before, after = self._file(name), self._file(new_name)
        if before.parent.is_dir() and not after.parent.is_dir():
            schema = new_name.rpartition(".")[0]
            refuse("RESOURCE_DOES_NOT_EXIST", f"Schema '{schema}' does not exist")
        if after.exists():
            already_exists(new_name)
        is_recorded = self.is_recorded(name)
        try:
            if is_recorded:
                os.link(before, after)
        except FileExistsError:  # another process has made it
            already_exists(new_name)
        try:
            yield
        except BaseException:
            if is_recorded:
                after.unlink(missing_ok=True)
            raise
        before.unlink(missing_ok=True)

    def _on_model(self, privilege: str, name: str) -> None:
        if not self.is_known(name):
            refuse("RESOURCE_DOES_NOT_EXIST", f"Registered Model with name={name} not found")
        if self._rights is not None:
            self._require(privilege, on=_model(name), name=name)

    def _require(self, *privileges: str, on: Securable, name: str) -> None:
        from lakewright.rights.errors import NotGrantedError

        assert self._rights is not None
        try:
            self._rights.require(*privileges, on=on, location=name)
        except NotGrantedError as error:
            refuse("PERMISSION_DENIED", str(error))

    def _record(self, name: str, owner: str) -> None:
        from lakewright.rights.model_records import record_model

        record_model(self._lakehouse, _model(name), owner=owner)

    def _file(self, name: str) -> Path:
        from lakewright.rights.records import file_of

        return file_of(self._lakehouse, _model(name))


def _model(name: str) -> Securable:
    from databricks_utils.catalog.grants import Securable, SecurableKind

    return Securable(SecurableKind.MODEL, tuple(name.split(".")))
