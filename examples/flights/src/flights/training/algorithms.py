"""The two algorithms: logistic regression as the baseline, and LightGBM as the challenger."""

from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from flights.features.feature_set import CATEGORIES, NUMBERS

SEED = 20130101


def logistic_regression() -> Pipeline:
    """Return the baseline: one-hot categories and standardised numbers; missing numbers are replaced and marked."""
    encode = ColumnTransformer(
        [
            ("categories", OneHotEncoder(handle_unknown="ignore", min_frequency=20), list(CATEGORIES)),
            (
                "numbers",
                make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler()),
                list(NUMBERS),
            ),
        ]
    )
    return Pipeline([("encode", encode), ("model", LogisticRegression(C=0.1, max_iter=500))])


def lightgbm() -> Pipeline:
    """Return the challenger: gradient boosted trees, kept small because there is less than a year of data.

    It uses one thread: on a busy machine with two cores, a second thread made training more than ten times slower.
    """
    from lightgbm import LGBMClassifier

    encode = ColumnTransformer(
        [
            ("categories", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), list(CATEGORIES)),
            ("numbers", "passthrough", list(NUMBERS)),
        ]
    ).set_output(transform="pandas")  # the trees know their columns by name
    model = LGBMClassifier(
        n_estimators=300,
        learning_rate=0.03,
        num_leaves=15,
        min_child_samples=100,
        subsample=0.8,
        subsample_freq=1,
        colsample_bytree=0.6,
        reg_lambda=5.0,
        n_jobs=1,
        random_state=SEED,
        deterministic=True,
        force_col_wise=True,
        verbose=-1,
    )
    return Pipeline([("encode", encode), ("model", model)])
