"""The declaration of this project's model: label, columns and algorithms."""

from databricks_utils.context import Context
from databricks_utils.mlops import Algorithm, BinaryClassification, Columns

from flights.features.feature_set import BEFORE_DEPARTURE, CATEGORIES, KEYS, LABEL, NUMBERS
from flights.scoring import predictions
from flights.settings import FlightsSettings
from flights.training.algorithms import lightgbm, logistic_regression

COLUMNS = Columns(
    keys=KEYS,
    window="month",
    label=LABEL,
    categories=BEFORE_DEPARTURE.check(CATEGORIES),
    numbers=BEFORE_DEPARTURE.check(NUMBERS),
    carried=predictions.CARRIED,
    group="flight_date",  # a stormy day delays all its flights
    window_is_fixed=True,  # it is the month of `flight_date`, a key
)


def late_arrival(context: Context) -> BinaryClassification:
    """Return the model's declaration with the settings of an environment."""
    return BinaryClassification(
        columns=COLUMNS,
        baseline=Algorithm("logistic_regression", logistic_regression),
        challenger=Algorithm("lightgbm", lightgbm, packages=("lightgbm",)),
        settings=context.config.extra_as(FlightsSettings),
        feature_table="flight_features",
        prediction_table=predictions.TABLE,
        prediction_comment=predictions.COMMENT,
    )
