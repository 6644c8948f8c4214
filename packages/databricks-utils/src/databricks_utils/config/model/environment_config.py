"""`EnvironmentConfig`: the settings of a project for one environment."""

import re
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, Field, PrivateAttr, model_validator

from databricks_utils.config.environment import LOCAL
from databricks_utils.config.files import Search, environments
from databricks_utils.config.model.rules import RuleError
from databricks_utils.config.model.section import Section
from databricks_utils.config.model.sections import (
    AlertsSection,
    CatalogSection,
    MaintenanceSection,
    MlflowSection,
    MonitoringSection,
    MonteCarloSection,
    PrincipalsSection,
    QualitySection,
    StorageSection,
)
from databricks_utils.config.model.spark_sections import SparkSection
from databricks_utils.config.model.validation import validate
from databricks_utils.config.origin import Origin
from databricks_utils.config.secrecy import SecretText, hide, secret_paths
from databricks_utils.config.tree import Data, KeyPath, Node, grow

ModelT = TypeVar("ModelT", bound=BaseModel)

_STATE_FOLDER = ".lakewright"


class EnvironmentConfig(Section):
    """The configuration of one environment: typed, frozen, with hidden secrets.

    `ConfigLoader.load` returns it; a test can create one directly.

    >>> config = EnvironmentConfig(environment="dev", catalog={"name": "dev_analytics", "schema": "flights"})
    >>> config.catalog.schema_, config.project, config.mlflow.experiment
    ('flights', 'flights', '/Shared/dev_flights')
    """

    environment: str = Field(description="Name of the environment; set by the loader.")
    project: str = Field(default="", description="Name of the project; by default `catalog.schema`.")
    owner: str = Field(default="unknown", description="Team or person that is responsible; an MLflow tag.")
    use_case: str = Field(
        default="", description="What the project is for; an MLflow tag; by default the project."
    )
    spark: SparkSection = Field(default_factory=SparkSection, description="The Spark session.")
    catalog: CatalogSection = Field(description="Names in Unity Catalog.")
    storage: StorageSection = Field(default_factory=StorageSection, description="Files outside of tables.")
    mlflow: MlflowSection = Field(default_factory=MlflowSection, description="Tracking and registry.")
    principals: PrincipalsSection = Field(default_factory=PrincipalsSection, description="Who does what.")
    quality: QualitySection = Field(default_factory=QualitySection, description="Data quality.")
    monitoring: MonitoringSection = Field(
        default_factory=MonitoringSection, description="Drift and performance."
    )
    maintenance: MaintenanceSection = Field(
        default_factory=MaintenanceSection, description="Upkeep of the project's tables."
    )
    alerts: AlertsSection = Field(
        default_factory=AlertsSection,
        description="Who is notified of what the rules and checks of a run find.",
    )
    monte_carlo: MonteCarloSection = Field(
        default_factory=MonteCarloSection, description="Monte Carlo. Not used yet."
    )
    extra: Annotated[dict[str, Data], AfterValidator(hide)] = Field(
        default_factory=dict, description="The project's own keys; read by `extra_as(Model)`."
    )
    bundle_variables: Annotated[dict[str, Data], AfterValidator(hide)] = Field(
        default_factory=dict,
        description="In `local.yaml`: values laid over the bundle's variables on a local run.",
    )

    _tree: Node | None = PrivateAttr(default=None)
    _folder: Path | None = PrivateAttr(default=None)
    _search: Search | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _derive(cls, given: Data) -> Data:
        return _filled(given, Path.cwd()) if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _catalog_belongs_to_the_environment(self) -> "EnvironmentConfig":
        prefix = f"{self.environment}_"
        if not self.catalog.name.startswith(prefix):
            raise RuleError(
                f"must begin with `{prefix}`, so that no environment writes into another one's catalog",
                fix=f"write `{prefix}analytics`, or `{prefix}` and another name",
                key=("catalog", "name"),
            )
        return self

    @property
    def project_root(self) -> Path:
        """The folder above `config/`; the working directory if the configuration was not loaded from files."""
        return self._folder.parent if self._folder else Path.cwd()

    @property
    def config_folder(self) -> Path | None:
        """The folder that the configuration was read from; None if it was not loaded from files."""
        return self._folder

    @property
    def untouched_environments(self) -> tuple[str, ...]:
        """The environments whose catalogs this one does not name: those of the folder, except itself and `catalog.uses_environments`."""
        found = environments(self._folder) if self._folder else ()
        return tuple(
            name for name in found if name not in (self.environment, *self.catalog.uses_environments)
        )

    def origin_of(self, *path: str) -> Origin | None:
        """Return the origin of a value; None for a default of the model.

        Args:
            *path: The keys that lead to it, as in the file: `"catalog", "schema"`.
        """
        node = self._tree.at(path) if self._tree else None
        return node.origin if node else None

    def holds_secret(self, *path: str) -> bool:
        """Return whether a value contains a variable with a secret-looking name, e.g. `url: https://${TOKEN}@…`.

        Args:
            *path: The keys that lead to it, as in the file.
        """
        node = self._tree.at(path) if self._tree else None
        return bool(node and node.secret)

    def extra_as(self, model: type[ModelT]) -> ModelT:
        """Return `extra`, validated by the project's own model.

        Args:
            model: A pydantic model; with `extra="forbid"` it refuses misspelled keys.

        Raises:
            ConfigError: A key is missing, unknown or wrong; the error names its file and line.
        """
        tree = self._tree or grow({"extra": self.extra}, Origin("argument", "argument"))
        search = self._search or Search(self.environment)
        return validate(model, tree, search, at=("extra",))


def bind(config: EnvironmentConfig, *, tree: Node, folder: Path, search: Search) -> EnvironmentConfig:
    """Attach to a configuration the tree, the folder and the places of its load, and hide its secrets."""
    config._tree, config._folder, config._search = tree, folder, search
    for path in secret_paths(tree):
        _hide_at(config, path)
    return config


def _hide_at(config: EnvironmentConfig, path: KeyPath) -> None:
    """Turn the text at `path` into `SecretText`; pydantic would turn it back into `str`, so this follows the validation."""
    holder: Data = config
    for key in path[:-1]:
        holder = holder.__dict__ if isinstance(holder, BaseModel) else holder
        holder = holder.get(key) if isinstance(holder, dict) else None
    holder = holder.__dict__ if isinstance(holder, BaseModel) else holder
    if isinstance(holder, dict) and isinstance(holder.get(path[-1]), str):
        holder[path[-1]] = SecretText(holder[path[-1]])


def derived_defaults(given: dict[str, Data], root: Path) -> dict[KeyPath, str]:
    """Return the defaults that depend on other values: on the environment, the catalog, the project's folder.

    Args:
        given: The configuration as plain data, after the merge.
        root: The project's folder, above `config/`.

    Returns:
        Path of the key → value, for keys that are not given. A default that cannot be derived is left out; the
        validation then reports the missing key.
    """
    environment = str(given.get("environment", ""))
    catalog = given.get("catalog")
    project = given.get("project") or (catalog.get("schema") if isinstance(catalog, dict) else None)
    values: dict[KeyPath, str] = {}
    if isinstance(project, str) and project:
        values[("project",)] = project
        values[("use_case",)] = project
        values[("spark", "app_name")] = f"{project}-{environment}"
        values[("mlflow", "model_name")] = re.sub(r"^(?=[0-9])|\W", "_", project, flags=re.ASCII)
        values[("mlflow", "experiment")] = (
            project if environment == LOCAL else f"/Shared/{environment}_{project}"
        )
    if environment == LOCAL:
        values |= _local_places(root / _STATE_FOLDER)
    return {path: value for path, value in values.items() if not _is_given(given, path)}


def _local_places(state: Path) -> dict[KeyPath, str]:
    store = f"sqlite:///{state / 'mlflow.db'}"
    return {
        ("storage", "volume_root"): str(state / "lakehouse" / "volumes"),
        ("mlflow", "tracking_uri"): store,
        ("mlflow", "registry_uri"): store,
        ("mlflow", "artifact_location"): str(state / "artifacts"),
    }


def _is_given(given: Data, path: KeyPath) -> bool:
    """Return whether a key has a value, or cannot be added because a section on its path is not a mapping."""
    for key in path:
        if not isinstance(given, dict):
            return True
        if given.get(key) is None:
            return False
        given = given[key]
    return True


def _filled(given: dict[str, Data], root: Path) -> dict[str, Data]:
    """Return plain data with the derived defaults added."""
    filled = dict(given)
    for path, value in derived_defaults(given, root).items():
        target = filled
        for key in path[:-1]:
            target[key] = dict(target.get(key) or {})
            target = target[key]
        target[path[-1]] = value
    return filled
