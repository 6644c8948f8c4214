"""What every step of the walk needs: the configuration, the names it gives to tables, and who runs which code."""

from dataclasses import dataclass
from pathlib import Path

from databricks_utils.catalog import CatalogHelper
from databricks_utils.config import ConfigLoader, EnvironmentConfig

from flights.settings import FlightsSettings


@dataclass(frozen=True)
class Context:
    """One environment, one run.

    Attributes:
        config: The environment's configuration.
        catalog: Names of tables, volumes and models.
        settings: The project's own settings.
        git_sha: The commit that runs; `<sha>-dirty` for a changed tree, `unknown` without git.
        root: The folder above `config/`.
    """

    config: EnvironmentConfig
    catalog: CatalogHelper
    settings: FlightsSettings
    git_sha: str
    root: Path

    def table(self, layer: str, name: str) -> str:
        """Return a table's three-part name."""
        return self.catalog.table_name(layer, name)

    @property
    def landing(self) -> Path:
        """The folder of the landing volume; one folder a source below it."""
        return Path(self.catalog.volume_path(self.config.storage.landing_volume))


def open_context(*, env: str, config_path: str, git_sha: str = "unknown", schema_prefix: str = "") -> Context:
    """Load the configuration that a job's parameters name.

    Args:
        env: The environment, e.g. `dev`.
        config_path: The project's `config/` folder; empty: the first one above the working directory.
        git_sha: The commit of the code.
        schema_prefix: What the bundle's development mode puts before schema names, e.g. `dev_alice_`.
    """
    overrides = {"catalog.schema_prefix": schema_prefix} if schema_prefix else None
    config = ConfigLoader.load(env or None, config_path or None, overrides=overrides)
    return Context(
        config=config,
        catalog=CatalogHelper(config),
        settings=config.extra_as(FlightsSettings),
        git_sha=git_sha or "unknown",
        root=config.project_root,
    )
