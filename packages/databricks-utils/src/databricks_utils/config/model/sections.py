"""The typed sections of a configuration.

A description that ends in "Not used yet." marks a key or section that no code reads so far; a test checks it.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, model_validator

from databricks_utils.config.model.rules import Identifier, IdentifierPrefix, RuleError
from databricks_utils.config.model.section import Section


class CatalogSection(Section):
    """Names in Unity Catalog."""

    name: Identifier = Field(
        description="The whole catalog name; begins with `<environment>_`, e.g. `dev_analytics`."
    )
    schema_: Identifier = Field(
        alias="schema", description="The project's part of the schema names, e.g. `flights`."
    )
    schema_prefix: IdentifierPrefix = Field(
        default="",
        description="Prefix of the schema names; equals the one of the bundle's development mode: `dev_alice_`.",
    )
    uses_environments: tuple[str, ...] = Field(
        default=(),
        description="Other environments whose catalogs may be named too; by default none: a local session that names one is refused.",
    )


class StorageSection(Section):
    """Files outside of tables."""

    volume_root: str = Field(
        default="/Volumes",
        description="Folder above the volumes; locally one of the lakehouse, on Databricks `/Volumes`.",
    )
    landing_volume: Identifier = Field(
        default="files", description="Volume of the layer `landing` that files arrive in."
    )
    local_folders: tuple[Path, ...] = Field(
        default=(),
        description="Folders of this machine, beside the project, that a local run's Spark and `dbutils.fs` may reach.",
    )


class MlflowSection(Section):
    """Tracking and registry."""

    tracking_uri: str = Field(
        default="databricks", description="Tracking server; locally an SQLite file below `.lakewright/`."
    )
    registry_uri: str = Field(
        default="databricks-uc", description="Model registry; locally the tracking store, else Unity Catalog."
    )
    artifact_location: str | None = Field(
        default=None, description="Folder of a new experiment's artifacts; locally `.lakewright/artifacts`."
    )
    experiment: str = Field(
        default="", description="Experiment; on Databricks a path such as `/Shared/dev_flights`."
    )
    model_name: Identifier = Field(
        default="model", description="The model's name without catalog and schema; by default the project's."
    )

    @model_validator(mode="after")
    def _experiment_is_a_workspace_path(self) -> "MlflowSection":
        if (
            self.tracking_uri.startswith("databricks")
            and self.experiment
            and not self.experiment.startswith("/")
        ):
            raise RuleError(
                "must be an absolute workspace path, because experiments on Databricks are workspace objects",
                fix=f"write `/Shared/{self.experiment}`",
                key=("mlflow", "experiment"),
            )
        return self


Role = Annotated[str | None, Field(min_length=1)]


class PrincipalsSection(Section):
    """Who does what: the name of a group or a service principal for each role. Any other name in a grant is then a mistake."""

    jobs: Role = Field(default=None, description="All jobs: write ops.")
    ingestion: Role = Field(default=None, description="Writes landing and bronze.")
    transformation: Role = Field(default=None, description="Writes silver and quarantine.")
    aggregation: Role = Field(default=None, description="Writes gold and features.")
    training: Role = Field(default=None, description="Writes models.")
    scoring: Role = Field(default=None, description="Writes predictions.")
    maintenance: Role = Field(default=None, description="Optimizes the tables of every layer.")
    bi: Role = Field(default=None, description="BI tools: read gold, and write nothing.")
    readers: Role = Field(default=None, description="Read every layer.")
    users: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="The groups of each user, service principal and group, as in the account; here grants are held against them.",
    )


class QualitySection(Section):
    """Data quality."""

    max_quarantined_share: float = Field(
        default=1.0,
        ge=0,
        le=1,
        description="Greatest share of a load's rows that may go to quarantine, from 0 to 1; a load with more fails.",
    )


class MonitoringSection(Section):
    """Drift and performance over time."""

    windows: int = Field(
        default=5,
        ge=1,
        description="Number of latest windows that the retraining rule looks at.",
    )
    violations: int = Field(
        default=2,
        ge=1,
        description="Number of these windows, the newest among them, that must violate a threshold for a retraining.",
    )
    drift_threshold: float = Field(
        default=0.25,
        gt=0,
        description="Population stability index at which a column or score counts as drifted.",
    )

    @model_validator(mode="after")
    def _rule_can_fire(self) -> "MonitoringSection":
        if self.violations > self.windows:
            raise RuleError(
                f"is {self.violations}, but only {self.windows} windows are checked, so it can never be reached",
                fix=f"write {self.windows} or less",
                key=("monitoring", "violations"),
            )
        return self


MINIMUM_RETENTION_HOURS = 168
_MOST_CLUSTER_COLUMNS = 4


class MaintenanceSection(Section):
    """Upkeep of the project's tables by the job `maintenance`."""

    retention_hours: int = Field(
        default=720,
        description="Hours for which files of earlier versions stay, so that the versions can be read; at least 168.",
    )
    cluster_by: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="`<layer>.<table>` to the one to four columns that queries filter by, e.g. `silver.flights: [flight_date]`.",
    )

    @model_validator(mode="after")
    def _readers_keep_their_files(self) -> "MaintenanceSection":
        # Delta's own check refuses less: a reader, a writer or a stream may still need the files.
        if self.retention_hours < MINIMUM_RETENTION_HOURS:
            raise RuleError(
                f"is {self.retention_hours}, but Delta needs at least {MINIMUM_RETENTION_HOURS} hours: a running query or job may "
                "still read the files",
                fix=f"write {MINIMUM_RETENTION_HOURS} or more",
                key=("maintenance", "retention_hours"),
            )
        return self

    @model_validator(mode="after")
    def _clustering_can_be_done(self) -> "MaintenanceSection":
        for name, columns in self.cluster_by.items():
            if name.count(".") != 1 or name.startswith(".") or name.endswith("."):
                raise RuleError(
                    f"names `{name}`, which is not a layer and a table",
                    fix=f"write e.g. `silver.{name.strip('.').split('.')[-1] or 'flights'}`",
                    key=("maintenance", "cluster_by"),
                )
            if not 1 <= len(columns) <= _MOST_CLUSTER_COLUMNS:
                raise RuleError(
                    f"has {len(columns)} columns for `{name}`; a table is clustered by one to {_MOST_CLUSTER_COLUMNS}",
                    fix="name the columns that most queries filter by",
                    key=("maintenance", "cluster_by"),
                )
        return self


class AlertsSection(Section):
    """Who is notified of what the rules and checks of a run find."""

    webhook_url: SecretStr | None = Field(
        default=None,
        description="Address that gets the report of a run as JSON, e.g. of a chat: https, a secret; empty: no report is posted.",
    )
    from_outcome: Literal["stopped", "quarantined", "warned"] = Field(
        default="stopped", description="The mildest outcome of a run whose report is posted."
    )
    emails: tuple[str, ...] = Field(
        default=(), description="Addresses that receive the failure mails of the jobs. Not used yet."
    )


class MonteCarloSection(Section):
    """The data observability platform Monte Carlo. Not used yet."""

    enabled: bool = Field(default=False, description="Send rules and lineage.")
    endpoint: str = Field(
        default="https://api.getmontecarlo.com/graphql", pattern=r"^https?://", description="GraphQL address."
    )
    api_id: SecretStr | None = Field(default=None, description="Key's id; a secret.")
    api_token: SecretStr | None = Field(default=None, description="Key's token; a secret.")

    @model_validator(mode="after")
    def _enabled_needs_a_key(self) -> "MonteCarloSection":
        if self.enabled and not (self.api_id and self.api_token):
            missing = "api_id" if not self.api_id else "api_token"
            raise RuleError(
                "is needed if monte_carlo is enabled",
                fix=f"write `{missing}: ${{MCD_DEFAULT_{missing.upper()}}}` or `secret://scope/key`",
                key=("monte_carlo", missing),
            )
        return self
