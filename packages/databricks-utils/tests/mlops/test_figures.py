"""Both figures are drawn without a display, as SVG of a sensible size."""

import io

import numpy as np
import pytest

from databricks_utils.mlops.figures import calibration_figure, roc_figure

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("draw", [roc_figure, calibration_figure])
def test_a_figure_names_each_model(draw):
    scores = np.random.default_rng(1).uniform(size=500)
    labels = (np.random.default_rng(2).uniform(size=500) < scores).astype(int)
    figure = draw(labels.tolist(), {"champion": scores, "candidate": scores**2})
    assert [text.get_text().split(":")[0] for text in figure.axes[0].get_legend().get_texts()] == [
        "champion",
        "candidate",
    ]
    svg = io.BytesIO()
    figure.savefig(svg, format="svg")
    assert 5_000 < svg.tell() < 100_000
