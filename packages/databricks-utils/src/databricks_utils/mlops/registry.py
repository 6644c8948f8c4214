"""The model registry: versions with tags, the aliases `challenger` and `champion`, promotion and rollback.

It works the same on Unity Catalog (`databricks-uc`) and on a local MLflow store; rules that only Unity Catalog enforces are
checked on both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from databricks_utils.mlops.errors import (
    GateRefusedError,
    MissingModelError,
    NothingToRollBackError,
    RegistryRuleError,
)
from databricks_utils.mlops.gate.decision import GateDecision
from databricks_utils.mlops.gate.models import ModelReference
from databricks_utils.mlops.gate.replaced import refuse_missing
from databricks_utils.mlops.inputs.change import FeatureChange

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion
    from mlflow.exceptions import MlflowException

CHAMPION = "champion"
BASELINE = "baseline"
CHALLENGER = "challenger"
_REPLACED = "replaced_version"
_VERDICT = "gate"
_ROLLED_BACK = "rolled_back"
_REASON = "rollback_reason"
_NO_SUCH = {"RESOURCE_DOES_NOT_EXIST", "NOT_FOUND"}
_PARTS = 3


@dataclass(frozen=True)
class RegisteredModel:
    """A version in the registry, which can score.

    Attributes:
        reference: Name and version.
        run_id: The run that made it.
        tags: Its tags.
    """

    reference: ModelReference
    run_id: str
    tags: Mapping[str, str]

    @cached_property
    def inputs(self) -> Mapping[str, str]:
        """The features that it was trained on, from its signature: name → type, as MLflow and Spark SQL write it."""
        from mlflow.models import get_model_info

        schema = get_model_info(self.uri).signature.inputs
        return {str(column.name): str(column.type.name) for column in schema.inputs}

    @property
    def verdict(self) -> str | None:
        """The gate's verdict, `passed` or `refused`; None if the version was not judged."""
        return self.tags.get(_VERDICT)

    @property
    def rolled_back(self) -> bool:
        """Whether it was champion and was rolled back; it is refused until `ModelRegistry.readmit`."""
        return _ROLLED_BACK in self.tags

    @property
    def uri(self) -> str:
        """Its address in the registry."""
        return f"models:/{self.reference.name}/{self.reference.version}"

    def change_to(self, declared: Mapping[str, str]) -> FeatureChange | None:
        """Return the difference between declared features and those that it was trained on; None if there is none."""
        version = f"version {self.reference.version} of {self.reference.name}"
        return FeatureChange.between(version, self.inputs, declared)

    def load(self) -> Any:  # noqa: ANN401 - whatever was logged
        """Return the scikit-learn model."""
        import mlflow.sklearn

        return mlflow.sklearn.load_model(self.uri)

    @cached_property
    def _loaded(self) -> Any:  # noqa: ANN401 - whatever was logged
        return self.load()

    def score(self, frame: pd.DataFrame) -> np.ndarray[Any, Any]:
        """Return the probability of the positive class, one for each row, from the columns of the model's signature."""
        import numpy as np

        model = self._loaded
        return np.asarray(model.predict_proba(frame[list(model.feature_names_in_)])[:, 1])

    def gives(self, scores: np.ndarray[Any, Any], frame: pd.DataFrame) -> bool:
        """Return whether this version gives exactly these scores; if so, the other model is the same model.

        Args:
            scores: The scores of another model, one for each row of `frame`.
            frame: The rows; enough rows that two different models give different scores.

        Returns:
            Whether the scores are equal; False if this version cannot score the rows.
        """
        import numpy as np

        try:
            own = self.score(frame)
        except Exception:  # noqa: BLE001 - a version that cannot score does not give these scores
            return False
        return np.array_equal(own, scores)


class ModelRegistry:
    """Registers, promotes and rolls back versions of models with three-part names."""

    def __init__(self, client: MlflowClient | None = None) -> None:
        from mlflow import MlflowClient

        self._client = client or MlflowClient()

    def register(
        self, name: str, model_uri: str, *, tags: Mapping[str, str], alias: str = CHALLENGER
    ) -> RegisteredModel:
        """Register a logged model as the newest version, and set an alias.

        Args:
            name: `<catalog>.<schema>.<model>`.
            model_uri: The model's address from `log_model` (`model_info.model_uri`).
            tags: Tags of the version.
            alias: Alias that is moved to the version; not `champion`, which only a gate's decision can move.

        Raises:
            RegistryRuleError: The name does not have three parts, the model has no signature, or the alias is `champion`.
        """
        import mlflow

        if alias == CHAMPION:
            raise RegistryRuleError(
                "registry: a version cannot be registered as champion",
                fix="register it as challenger, let the gate judge it, then call promote(decision)",
            )
        _check_name(name)
        _check_signature(name, model_uri)
        version = mlflow.register_model(model_uri, name, tags=dict(tags))
        self._client.set_registered_model_alias(name, alias, version.version)
        return _registered(version, tags)

    def find(self, name: str, alias: str) -> RegisteredModel | None:
        """Return the version that an alias points to, or None."""
        from mlflow.exceptions import MlflowException

        try:
            version = self._client.get_model_version_by_alias(name, alias)
        except MlflowException as error:
            if _says_no_such(error):
                return None
            raise
        return _registered(version, version.tags)

    def get(self, name: str, alias: str) -> RegisteredModel:
        """Return the version that an alias points to.

        Raises:
            MissingModelError: There is no such model, or no such alias.
        """
        found = self.find(name, alias)
        if found is None:
            raise MissingModelError(
                f"registry: {name} has no version with the alias `{alias}`",
                location=name,
                fix="run the job `training`, and read the gate's verdict: a refused version does not become champion",
            )
        return found

    def record(self, decision: GateDecision) -> None:
        """Set the gate's verdict as the tag `gate` of the judged version."""
        candidate = decision.candidate
        self._client.set_model_version_tag(candidate.name, candidate.version, _VERDICT, decision.verdict)

    def promote(self, decision: GateDecision) -> RegisteredModel:
        """Make a version that passed the gate the champion; a second call changes nothing.

        Raises:
            GateRefusedError: The gate refused it, it was rolled back, or the champion has changed since the decision.
        """
        candidate = decision.candidate
        champion = self.find(candidate.name, CHAMPION)
        self.record(decision)
        if not decision.passed:
            raise GateRefusedError(
                f"registry: {candidate.name} version {candidate.version} was refused by the quality gate",
                detail=str(decision),
                location=candidate.name,
                fix="train a better candidate; the champion stays",
            )
        if champion is None or champion.reference != candidate:
            self._check_current(decision, champion)
            self._check_not_rolled_back(candidate)
            if champion is not None:
                replaced = champion.reference.version
                self._client.set_model_version_tag(candidate.name, candidate.version, _REPLACED, replaced)
            self._client.set_registered_model_alias(candidate.name, CHAMPION, candidate.version)
        return self.get(candidate.name, CHAMPION)

    def rollback(self, name: str, *, reason: str = "") -> RegisteredModel:
        """Move the alias `champion` back to the version that the current champion replaced.

        The version that was champion is marked: neither the gate nor `promote` lets it become champion again, also if
        training gives the same model, until somebody calls `readmit`. `reason` is kept as its tag `rollback_reason`.

        Raises:
            MissingModelError: There is no champion, or the version that it replaced, or its files, are gone; nothing is changed.
            NothingToRollBackError: The champion replaced no other version.
        """
        champion = self.get(name, CHAMPION)
        replaced = champion.tags.get(_REPLACED)
        if not replaced:
            raise NothingToRollBackError(
                f"registry: version {champion.reference.version} of {name} replaced no other version",
                location=name,
                fix="promote another version that passes the gate",
            )
        refuse_missing(self._client, ModelReference(name, replaced), champion.reference)
        if reason:
            self._client.set_model_version_tag(name, champion.reference.version, _REASON, reason)
        self._client.set_model_version_tag(name, champion.reference.version, _ROLLED_BACK, "true")
        self._client.set_registered_model_alias(name, CHAMPION, replaced)
        return self.get(name, CHAMPION)

    def readmit(self, name: str, version: str) -> None:
        """Let a version that was rolled back be judged and promoted again; without effect on any other version."""
        if self._is_rolled_back(name, version):
            self._client.delete_model_version_tag(name, version, _ROLLED_BACK)

    def _is_rolled_back(self, name: str, version: str) -> bool:
        return _ROLLED_BACK in self._client.get_model_version(name, version).tags

    def _check_not_rolled_back(self, candidate: ModelReference) -> None:
        if self._is_rolled_back(candidate.name, candidate.version):
            raise GateRefusedError(
                f"registry: {candidate.name} version {candidate.version} was rolled back",
                location=candidate.name,
                fix="train another model; if the version may be champion again: "
                f"ModelRegistry().readmit({candidate.name!r}, {candidate.version!r})",
            )

    @staticmethod
    def _check_current(decision: GateDecision, champion: RegisteredModel | None) -> None:
        current = champion.reference if champion else None
        if decision.champion != current:
            raise GateRefusedError(
                f"registry: {decision.candidate.name} was not judged against the current champion",
                detail=f"judged against {decision.champion}; the current champion is {current}",
                location=decision.candidate.name,
                fix="run the evaluation again",
            )


def _check_name(name: str) -> None:
    parts = name.split(".")
    if len(parts) != _PARTS or not all(parts):
        raise RegistryRuleError(
            f"registry: {name!r} is not a three-part model name",
            fix="write <catalog>.<schema>.<model>, e.g. with CatalogHelper(config).model_name()",
        )


def _check_signature(name: str, model_uri: str) -> None:
    from mlflow.models import get_model_info

    signature = get_model_info(model_uri).signature
    if signature is None or signature.inputs is None or signature.outputs is None:
        raise RegistryRuleError(
            f"registry: the model for {name} has no signature with inputs and outputs, which Unity Catalog requires",
            location=model_uri,
            fix="log it with signature=infer_signature(inputs, outputs)",
        )


def _says_no_such(error: MlflowException) -> bool:
    """Return whether the model or alias does not exist; an SQL store reports a missing alias as an invalid parameter."""
    missing_alias = error.error_code == "INVALID_PARAMETER_VALUE" and "not found" in str(error)
    return error.error_code in _NO_SUCH or missing_alias


def _registered(version: ModelVersion, tags: Mapping[str, str]) -> RegisteredModel:
    return RegisteredModel(
        ModelReference(version.name, str(version.version)), str(version.run_id), dict(tags)
    )
