"""What Unity Catalog asks for in the model registry, and the record by which the lakehouse knows a model's owner and grants.

Sources: https://docs.databricks.com/api/workspace/registeredmodels and
https://docs.databricks.com/aws/en/machine-learning/manage-model-lifecycle/
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from mlflow.exceptions import RestException

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
        environ: The variables of the process.
    """

    def __init__(self, lakehouse: Path, environ: Mapping[str, str] = os.environ) -> None:
        self._lakehouse = lakehouse
        self._owner = environ.get(PRINCIPAL_VARIABLE) or machine_user()
        self._rights = rights_of_process(lakehouse, environ)

    @classmethod
    def of_store(cls, database: str, environ: Mapping[str, str] = os.environ) -> ModelRights:
        """Return those of a store: of the project that the process works for, or of the one that has the database.

        Args:
            database: The address of the sqlite database.
            environ: The variables of the process.
        """
        project = environ.get(_PROJECT_VARIABLE)
        state = Path(project) / ".lakewright" if project else Path(database.removeprefix("sqlite:///")).parent
        return cls(state / "lakehouse", environ)

    def to_create(self, name: str) -> None:
        """Ask for what a new model takes: CREATE MODEL on its schema.

        Raises:
            RestException: The principal lacks it, or USE on the way.
        """
        if self._rights is not None:
            self._require("CREATE_MODEL", on=_model(name).above[-1], name=name)

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

    def is_recorded(self, name: str) -> bool:
        """Return whether the lakehouse knows a model."""
        return self._file(name).is_file()

    def record(self, name: str) -> None:
        """Write the record of a new model, which the principal of this process owns."""
        self._record(name, self._owner)

    def record_of_old(self, name: str) -> None:
        """Write the record of a model from before there were records: whose machine it is owns it."""
        self._record(name, machine_user())

    def forget(self, name: str) -> None:
        """Remove the record of a model, with its grants."""
        self._file(name).unlink(missing_ok=True)

    def rename(self, name: str, new_name: str) -> None:
        """Move the record of a model."""
        with contextlib.suppress(FileNotFoundError):
            self._file(name).replace(self._file(new_name))

    def _on_model(self, privilege: str, name: str) -> None:
        if self._rights is not None:
            self._require(privilege, on=_model(name), name=name)

    def _require(self, privilege: str, *, on: Securable, name: str) -> None:
        from lakewright.rights.errors import NotGrantedError

        assert self._rights is not None
        try:
            self._rights.require(privilege, on=on, location=name)
        except NotGrantedError as error:
            raise RestException({"error_code": "PERMISSION_DENIED", "message": str(error)}) from None

    def _record(self, name: str, owner: str) -> None:
        from lakewright.rights.model_records import record_model

        record_model(self._lakehouse, _model(name), owner=owner)

    def _file(self, name: str) -> Path:
        from lakewright.rights.records import file_of

        return file_of(self._lakehouse, _model(name))


def _model(name: str) -> Securable:
    from databricks_utils.catalog.grants import Securable, SecurableKind

    return Securable(SecurableKind.MODEL, tuple(name.split(".")))
