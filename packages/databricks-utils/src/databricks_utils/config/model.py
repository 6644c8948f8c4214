"""`EnvironmentConfig`: everything a project knows about the environment it runs in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, Field, PrivateAttr, model_validator

from databricks_utils.config.derived import fill
from databricks_utils.config.rules import RuleError
from databricks_utils.config.search import Search
from databricks_utils.config.secrecy import SecretText, hide
from databricks_utils.config.sections import (
    AlertsSection,
    CatalogSection,
    MlflowSection,
    MonitoringSection,
    MonteCarloSection,
    PrincipalsSection,
    QualitySection,
    Section,
    SparkSection,
    StorageSection,
)
from databricks_utils.config.tree import Data, KeyPath, Node, Origin, grow
from databricks_utils.config.validation import validate

ModelT = TypeVar("ModelT", bound=BaseModel)


class EnvironmentConfig(Section):
    """The configuration of one environment: typed, frozen, and silent about secrets.

    Made by `ConfigLoader.load`; a test may build one directly.

    >>> config = EnvironmentConfig(environment="dev", catalog={"name": "dev_analytics", "schema": "flights"})
    >>> config.catalog.schema_, config.project, config.mlflow.experiment
    ('flights', 'flights', '/Shared/dev_flights')
    """

    environment: str = Field(description="Name of the environment; set by the loader.")
    project: str = Field(default="", description="Name of the project; by default `catalog.schema`.")
    owner: str = Field(default="unknown", description="Team or person that answers for it; an MLflow tag.")
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
    alerts: AlertsSection = Field(default_factory=AlertsSection, description="Who hears about failures.")
    monte_carlo: MonteCarloSection = Field(default_factory=MonteCarloSection, description="Monte Carlo.")
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
        return fill(given, Path.cwd()) if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _catalog_belongs_to_the_environment(self) -> "EnvironmentConfig":
        prefix = f"{self.environment}_"
        if not self.catalog.name.startswith(prefix):
            raise RuleError(
                f"must begin with `{prefix}`, so that no environment can write into another one's catalog",
                fix=f"write `{prefix}analytics`, or whatever follows `{prefix}` in your company",
                key=("catalog", "name"),
            )
        return self

    @property
    def project_root(self) -> Path:
        """The folder above `config/`; the working directory where the configuration was built by hand."""
        return self._folder.parent if self._folder else Path.cwd()

    @property
    def config_folder(self) -> Path | None:
        """The folder that the configuration was read from; None where it was built by hand."""
        return self._folder

    def origin_of(self, *path: str) -> Origin | None:
        """Tell where a value came from; None for a default of the model.

        Args:
            *path: The keys that lead to it, as in the file: `"catalog", "schema"`.
        """
        node = self._tree.at(path) if self._tree else None
        return node.origin if node else None

    def holds_secret(self, *path: str) -> bool:
        """Tell whether a variable whose name looks like a secret was put into a value: `url: https://${TOKEN}@…`."""
        node = self._tree.at(path) if self._tree else None
        return bool(node and node.secret)

    def extra_as(self, model: type[ModelT]) -> ModelT:
        """Return `extra`, validated by the project's own model.

        Args:
            model: A pydantic model; give it `extra="forbid"` to have misspelled keys refused.

        Raises:
            ConfigError: A key is missing, unknown or wrong; the error names its file and line.
        """
        tree = self._tree or grow({"extra": self.extra}, Origin("argument", "argument"))
        search = self._search or Search(self.environment)
        return validate(model, tree, search, at=("extra",))


def bind(config: EnvironmentConfig, *, tree: Node, folder: Path, search: Search) -> EnvironmentConfig:
    """Give a configuration the memory of where it was read from; the loader's last step."""
    config._tree, config._folder, config._search = tree, folder, search
    for path in _secret_paths(tree):
        _hide_at(config, path)
    return config


def _secret_paths(node: Node, path: KeyPath = ()) -> Iterator[KeyPath]:
    if node.secret:
        yield path
    for key, child in node.items():
        yield from _secret_paths(child, (*path, key))


def _hide_at(config: EnvironmentConfig, path: KeyPath) -> None:
    """Make text at `path` show stars in a `repr`; pydantic itself keeps no subclass of `str`."""
    holder: Data = config
    for key in path[:-1]:
        holder = holder.__dict__ if isinstance(holder, BaseModel) else holder
        holder = holder.get(key) if isinstance(holder, dict) else None
    holder = holder.__dict__ if isinstance(holder, BaseModel) else holder
    if isinstance(holder, dict) and isinstance(holder.get(path[-1]), str):
        holder[path[-1]] = SecretText(holder[path[-1]])
