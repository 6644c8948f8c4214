"""The figures are drawn without a display, as SVG of a sensible size."""

import io
from datetime import date

import numpy as np
import pytest

from databricks_utils.mlops import Grain, MonitorBounds, WindowPerformance
from databricks_utils.mlops.shown.plots import (
    calibration_figure,
    classifier_figure,
    monitoring_figure,
    roc_figure,
    score_figure,
)

pytestmark = pytest.mark.unit


def legends(figure):
    texts = [axes.get_legend().get_texts() for axes in figure.axes]
    return [[text.get_text().split(":")[0] for text in panel] for panel in texts]


def size(figure):
    svg = io.BytesIO()
    figure.savefig(svg, format="svg")
    return svg.tell()


@pytest.mark.parametrize("draw", [roc_figure, calibration_figure, classifier_figure])
def test_a_figure_names_each_model(draw):
    scores = np.random.default_rng(1).uniform(size=500)
    labels = (np.random.default_rng(2).uniform(size=500) < scores).astype(int)
    figure = draw(labels.tolist(), {"champion": scores, "candidate": scores**2})
    assert legends(figure) == [["champion", "candidate"]] * len(figure.axes)
    assert 5_000 < size(figure) < 100_000


def test_scores_are_drawn_as_shares_of_their_window():
    figure = score_figure({"2024-01": (1, 3), "2024-02": (0, 0)})
    assert legends(figure) == [["2024-01", "2024-02"]]
    values = [step.get_data().values.tolist() for step in figure.axes[0].patches]
    assert values == [[0.25, 0.75], [0, 0]]
    assert size(score_figure({})) > 1_000


def test_windows_are_drawn_in_the_order_of_time_beside_their_bound():
    windows = [
        WindowPerformance(date(2024, month, 1), "1", 9, 9, 0.3, 0.2, 0.7, 0.1, 0.0) for month in (1, 2)
    ]
    bounds = MonitorBounds(minimum_roc_auc=0.66, maximum_calibration_gap=0.05)
    figure = monitoring_figure(windows, bounds, Grain.MONTH)
    assert legends(figure) == [["ROC AUC", "lowest allowed"], ["mean score", "share of positives"]]
    assert list(figure.axes[0].lines[0].get_xdata()) == ["2024-01", "2024-02"]
    assert set(figure.axes[0].lines[1].get_ydata()) == {0.66}
