"""The index is small for the same scores and large for others, also where a bin is empty."""

import numpy as np
import pytest

from databricks_utils.mlops import ScoreHistogram

pytestmark = pytest.mark.unit
SCORES = np.random.default_rng(1).beta(2, 6, 5000)


def test_the_same_distribution_is_stable_and_a_shifted_one_is_not():
    baseline = ScoreHistogram.of(SCORES)
    again = np.random.default_rng(2).beta(2, 6, 5000)
    assert baseline.population_stability_index(again) < 0.02
    assert baseline.population_stability_index(np.clip(again + 0.2, 0, 1)) > 0.25


def test_an_empty_bin_keeps_the_index_small():
    baseline = ScoreHistogram.of(SCORES)
    without_low = SCORES[np.quantile(SCORES, 0.1) < SCORES]
    assert baseline.population_stability_index(without_low) < 1.1


def test_constant_scores_have_one_bin_and_no_drift():
    baseline = ScoreHistogram.of([0.3] * 50)
    assert sum(baseline.counts) == 50
    assert baseline.population_stability_index([0.3] * 80) < 0.01


def test_a_histogram_is_read_back_from_a_tag():
    baseline = ScoreHistogram.of(SCORES)
    assert ScoreHistogram.from_json(baseline.to_json()) == baseline
    assert len(baseline.to_json()) < 1000
