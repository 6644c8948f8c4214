"""The five tags with the origin of a run."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from databricks_utils.context import Context
from databricks_utils.mlops.errors import MlopsError


@dataclass(frozen=True)
class RunTags:
    """The tags of every run and every model version.

    Attributes:
        dataset_version: Table and Delta version of the training data, e.g. `dev_analytics.flights_features.flights@v3`.
        git_sha: Commit of the code; `<sha>-dirty` if files were changed, `unknown` without git.
        owner: Team or person responsible for the model.
        use_case: Purpose of the model.
        env: Environment of the training.

    Raises:
        MlopsError: A tag is empty; write `unknown` for an unknown origin.

    Example:
        >>> RunTags("t@v3", "4f2c", "data-team", "flight-delays", "dev").as_dict()["env"]
        'dev'
    """

    dataset_version: str
    git_sha: str
    owner: str
    use_case: str
    env: str

    def __post_init__(self) -> None:
        empty = [field.name for field in fields(self) if not getattr(self, field.name)]
        if empty:
            raise MlopsError(
                f"mlops: the tag {', '.join(f'`{name}`' for name in empty)} is empty",
                fix="give it a value; write `unknown` if it is not known",
            )

    @classmethod
    def of(cls, context: Context, *, dataset_version: str) -> RunTags:
        """Return the tags of a run in a context.

        Args:
            context: Gives commit, owner, use case and environment.
            dataset_version: Table and version of the training data.
        """
        config = context.config
        return cls(dataset_version, context.git_sha, config.owner, config.use_case, config.environment)

    def as_dict(self) -> dict[str, str]:
        """Return the tags by name."""
        return asdict(self)
