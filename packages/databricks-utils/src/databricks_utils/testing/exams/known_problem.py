"""Show that an algorithm learns: rows whose outcome depends on every declared feature, and what a model must make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from databricks_utils.mlops import Algorithm, Columns

_LABELS = "abcdefgh"
_UNKNOWN_SHARE = 0.03  # of the numbers
_NOISE = 0.5  # of the log odds, in their own spread
_POSITIVE = 0.3


def known_problem(columns: Columns, *, rows: int = 2000, seed: int = 1) -> tuple[pd.DataFrame, pd.Series]:
    """Return rows with all features of a model, and their labels; every feature has the same part in the outcome.

    Args:
        columns: The columns of the feature table.
        rows: Number of rows.
        seed: The same seed gives the same rows.

    Returns:
        The features, in the columns and types of `columns.types`; 3 % of the numbers are NaN. The labels: 0 or 1; 30 % are 1.
    """
    import numpy as np
    import pandas as pd

    generator = np.random.default_rng(seed)
    features: dict[str, Any] = {}
    odds = np.zeros(rows)
    for name in columns.categories:
        chosen = generator.integers(0, len(_LABELS), rows)
        features[name] = np.array(list(_LABELS))[chosen]
        odds += _standard(chosen.astype(float))
    for name in columns.numbers:
        numbers = generator.normal(size=rows)
        odds += numbers
        numbers[generator.uniform(size=rows) < _UNKNOWN_SHARE] = np.nan
        features[name] = numbers
    noisy = _standard(odds) + generator.normal(0, _NOISE, rows)
    labels = pd.Series((noisy > np.quantile(noisy, 1 - _POSITIVE)).astype(int))
    return pd.DataFrame(features, columns=list(columns.types)), labels


def _standard(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    spread = float(values.std())
    standard: np.ndarray[Any, Any] = (values - values.mean()) / spread if spread else values
    return standard


def assert_learns(
    algorithm: Algorithm,
    columns: Columns,
    *,
    minimum_roc_auc: float = 0.75,
    maximum_calibration_gap: float = 0.05,
) -> None:
    """Assert that an algorithm solves a known problem with all declared features.

    Its model must be the same each time that it is trained, rank the rows of a second sample, give scores whose mean is the share
    of positives, use every declared feature, and score a row with a category that training did not contain.

    Args:
        algorithm: Builds the model.
        columns: The columns of the feature table.
        minimum_roc_auc: The lowest accepted ROC AUC; the outcome of the problem can be predicted with about 0.95.
        maximum_calibration_gap: The largest accepted distance of the mean score from the share of positives.

    Raises:
        AssertionError: The model lacks one of these properties; the message contains which, and what was measured.
    """
    import numpy as np

    from databricks_utils.mlops.metrics import measure

    features, labels = known_problem(columns)
    others, outcomes = known_problem(columns, seed=2)
    model = algorithm.build().fit(features, labels)
    scores = model.predict_proba(others)[:, 1]
    again = algorithm.build().fit(features, labels).predict_proba(others)[:, 1]
    assert np.array_equal(scores, again), (
        f"{algorithm.name}: the same rows give another model each time; fix its seeds"
    )
    measured = measure(outcomes.to_numpy(), scores)
    auc, gap = measured.roc_auc, measured.calibration_gap
    assert auc >= minimum_roc_auc, f"{algorithm.name}: its ROC AUC is {auc:.3f} where 0.95 is possible"
    assert abs(gap) <= maximum_calibration_gap, (
        f"{algorithm.name}: its mean score is {gap:+.3f} away from the share of positives"
    )
    unused = [name for name in columns.types if np.array_equal(scores, _without(model, others, name))]
    assert not unused, f"{algorithm.name}: no score depends on {', '.join(f'`{name}`' for name in unused)}"
    for name in columns.categories:
        new = model.predict_proba(others.assign(**{name: "a category of next year"}))[:, 1]
        assert bool(((new >= 0) & (new <= 1)).all()), f"{algorithm.name}: an unknown `{name}` has no score"


def _without(model: Any, rows: pd.DataFrame, name: str) -> np.ndarray[Any, Any]:  # noqa: ANN401 - an estimator of scikit-learn
    """Return the scores of rows in which a column has the values of other rows."""
    shifted = rows.assign(**{name: rows[name].to_numpy()[::-1]})
    scores: np.ndarray[Any, Any] = model.predict_proba(shifted)[:, 1]
    return scores
