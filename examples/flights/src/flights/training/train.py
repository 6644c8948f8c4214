"""Train and register: the first time the baseline too, then a challenger for the gate to judge."""

from dataclasses import dataclass

from databricks_utils.context import Context
from databricks_utils.mlops import ModelRegistry, RegisteredModel, RunTags, use_tracking
from databricks_utils.mlops.registry import CHALLENGER, CHAMPION
from pyspark.sql import SparkSession

from flights.settings import FlightsSettings
from flights.training.algorithms import ALGORITHMS
from flights.training.log import log_model, measure
from flights.training.sample import FeatureTable, Sample, read_sample

BASELINE = "baseline"


@dataclass(frozen=True)
class Trained:
    """A registered candidate.

    Attributes:
        algorithm: What it is.
        alias: `baseline` or `challenger`.
        model: Its version.
        metrics: Measured on the validation months.
        is_new: False if the version that has the alias already is this very model; none was registered then.
    """

    algorithm: str
    alias: str
    model: RegisteredModel
    metrics: dict[str, float]
    is_new: bool = True


def track(context: Context) -> None:
    """Point MLflow at the environment's stores."""
    section = context.config.mlflow
    use_tracking(
        tracking_uri=section.tracking_uri,
        registry_uri=section.registry_uri,
        experiment=section.experiment,
        artifact_location=section.artifact_location,
    )


def train(spark: SparkSession, context: Context) -> list[Trained]:
    """Train on the months of `periods.train`, measure on those of `periods.validate`, register.

    Where there is no champion yet, a logistic regression is registered as `baseline` first: the gate makes it the first
    champion, so that the challenger has something to beat. A model that scores every flight of the validation months as the
    version with its alias does is that model again: nothing is registered, and the gate has nothing new to judge. That version
    keeps the tags of the run that first trained it.
    """
    track(context)
    registry = ModelRegistry()
    settings, name = context.config.extra_as(FlightsSettings), context.catalog.model_name()
    table = FeatureTable.newest(spark, context.table("features", "flight_features"))
    features = table.read(spark)
    training = read_sample(features, settings.periods.train, rows=settings.sample_rows)
    validation = read_sample(features, settings.periods.validate_, rows=settings.sample_rows)
    wanted = {"lightgbm": CHALLENGER}
    if registry.find(name, CHAMPION) is None:
        wanted = {"logistic_regression": BASELINE, **wanted}
    return [
        _train_one(context, registry, table, algorithm, alias, training, validation)
        for algorithm, alias in wanted.items()
    ]


def _train_one(
    context: Context,
    registry: ModelRegistry,
    table: FeatureTable,
    algorithm: str,
    alias: str,
    training: Sample,
    validation: Sample,
) -> Trained:
    config, periods = context.config, context.config.extra_as(FlightsSettings).periods
    model = ALGORITHMS[algorithm]().fit(training.features, training.labels)
    scores = model.predict_proba(validation.features)[:, 1]
    standing = registry.find(context.catalog.model_name(), alias)
    if standing and standing.gives(scores, validation.features):
        return Trained(algorithm, alias, standing, measure(validation.labels.to_numpy(), scores), is_new=False)
    tags = RunTags(table.dataset_version, context.git_sha, config.owner, config.use_case, config.environment)
    parameters = {
        "train_first": periods.train.first,
        "train_last": periods.train.last,
        "train_rows": len(training.labels),
        "validation_rows": len(validation.labels),
        **{f"model__{key}": value for key, value in model.named_steps["model"].get_params().items()},
    }
    uri, version_tags, metrics = log_model(algorithm, model, validation, scores, tags=tags, parameters=parameters)
    registered = registry.register(context.catalog.model_name(), uri, tags=version_tags, alias=alias)
    return Trained(algorithm, alias, registered, metrics)
