"""An algorithm that leaves a column out, forgets its seed or distorts its scores is found."""

import itertools

import numpy as np
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder

from databricks_utils.mlops import Algorithm, Columns
from databricks_utils.testing import assert_learns, known_problem

pytestmark = pytest.mark.unit
COLUMNS = Columns(
    keys=("id",), window="month", label="late", categories=("carrier",), numbers=("hour", "seats")
)


def algorithm(model=LogisticRegression, *, numbers=COLUMNS.numbers, unknown="ignore", impute=SimpleImputer):
    encode = ColumnTransformer(
        [
            ("categories", OneHotEncoder(handle_unknown=unknown), list(COLUMNS.categories)),
            ("numbers", make_pipeline(impute()), list(numbers)),
        ]
    )
    return Algorithm("mine", lambda: Pipeline([("encode", encode), ("model", model())]))


def test_rows_are_the_same_each_time_in_the_declared_columns():
    rows, labels = known_problem(COLUMNS, rows=200)
    again, _ = known_problem(COLUMNS, rows=200)
    assert list(rows.columns) == list(COLUMNS.types)
    assert rows.equals(again)
    assert labels.mean() == pytest.approx(0.3)


def test_an_algorithm_that_learns_is_left_alone():
    assert_learns(algorithm(), COLUMNS)


class UpsideDown(LogisticRegression):
    def predict_proba(self, rows):
        return super().predict_proba(rows)[:, ::-1]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"numbers": ("hour",)}, "no score depends on `seats`"),
        ({"model": UpsideDown}, "its ROC AUC is 0.0"),
        ({"model": lambda: LogisticRegression(class_weight="balanced")}, "away from the share of positives"),
    ],
)
def test_a_column_left_out_reversed_scores_and_other_class_weights_are_found(broken, message):
    with pytest.raises(AssertionError, match=message):
        assert_learns(algorithm(**broken), COLUMNS)


def test_another_model_each_time_is_found():
    seeds = itertools.count()
    forest = algorithm(lambda: RandomForestClassifier(5, random_state=next(seeds)))
    with pytest.raises(AssertionError, match="another model each time; fix its seeds"):
        assert_learns(forest, COLUMNS)


def test_an_algorithm_that_cannot_score_a_new_category_is_found():
    with pytest.raises(ValueError, match="unknown categories"):
        assert_learns(algorithm(unknown="error"), COLUMNS)


def test_an_algorithm_that_cannot_score_a_missing_number_is_found():
    with pytest.raises(ValueError, match="NaN"):
        assert_learns(algorithm(impute=lambda: "passthrough"), COLUMNS)


def test_a_model_whose_new_categories_have_no_probability_is_found():
    class Careless(LogisticRegression):
        def predict_proba(self, rows):
            scores = super().predict_proba(rows)
            unknown = np.asarray(rows[:, : -len(COLUMNS.numbers)].sum(axis=1)).ravel() == 0
            return np.where(unknown[:, None], np.nan, scores)

    with pytest.raises(AssertionError, match="an unknown `carrier` has no score"):
        assert_learns(algorithm(Careless), COLUMNS)
