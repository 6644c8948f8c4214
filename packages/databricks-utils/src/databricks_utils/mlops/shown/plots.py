"""The figures of the walk: ROC curve, calibration, distribution of scores, monitoring over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from databricks_utils.mlops.declaration.grain import Grain
from databricks_utils.mlops.declaration.settings import MonitorBounds
from databricks_utils.mlops.measures.curves import Curves
from databricks_utils.mlops.measures.performance import WindowPerformance

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_GREY = "0.7"


def roc_figure(labels: Sequence[int], scores: Mapping[str, np.ndarray[Any, Any]]) -> Figure:
    """Draw the ROC curve of one or more models on the same rows.

    Args:
        labels: 0 or 1, one for each row.
        scores: Name of a model → its scores.
    """
    figure, (axes,) = _figure(1)
    _draw_roc(axes, _curves(labels, scores))
    return figure


def calibration_figure(labels: Sequence[int], scores: Mapping[str, np.ndarray[Any, Any]]) -> Figure:
    """Draw the observed share of positives against the mean score, in ten bins of equal size.

    Args:
        labels: 0 or 1, one for each row.
        scores: Name of a model → its scores.
    """
    figure, (axes,) = _figure(1)
    _draw_calibration(axes, _curves(labels, scores))
    return figure


def classifier_figure(labels: Sequence[int], scores: Mapping[str, np.ndarray[Any, Any]]) -> Figure:
    """Draw ROC curves and calibration of one or more models side by side.

    Args:
        labels: 0 or 1, one for each row.
        scores: Name of a model → its scores.
    """
    return curves_figure(_curves(labels, scores))


def curves_figure(curves: Mapping[str, Curves]) -> Figure:
    """Draw ROC curves and calibration of one or more models side by side, from their points.

    Args:
        curves: Name of a model → its curves.
    """
    figure, (left, right) = _figure(2)
    _draw_roc(left, curves)
    _draw_calibration(right, curves)
    return figure


def score_figure(counts: Mapping[str, Sequence[int]]) -> Figure:
    """Draw the distribution of the scores of each window.

    Args:
        counts: Name of a window → number of predictions in each bin; the bins divide 0 to 1 into equal intervals.
    """
    figure, (axes,) = _figure(1)
    for name, bins in counts.items():
        edges = [index / len(bins) for index in range(len(bins) + 1)]
        shares = [count / max(sum(bins), 1) for count in bins]
        axes.stairs(shares, edges, label=name)
    axes.set(xlabel="Score", ylabel="Share of predictions", xlim=(0, 1), title="Scores")
    _legend(axes)
    return figure


def monitoring_figure(windows: Sequence[WindowPerformance], bounds: MonitorBounds, grain: Grain) -> Figure:
    """Draw ROC AUC, mean score and share of positives, window by window.

    Args:
        windows: The measured windows, in the order of time.
        bounds: The lowest allowed ROC AUC is drawn as a line.
        grain: The windows' length, for their names.
    """
    figure, (left, right) = _figure(2)
    names = [grain.label(window.start) for window in windows]
    left.plot(names, [window.roc_auc for window in windows], marker="o", label="ROC AUC")
    left.axhline(bounds.minimum_roc_auc, color=_GREY, linewidth=1, label="lowest allowed")
    left.set(title="Ranking")
    right.plot(names, [window.mean_score for window in windows], marker="o", label="mean score")
    right.plot(names, [window.positive_share for window in windows], marker="o", label="share of positives")
    right.set(title="Calibration")
    for axes in (left, right):
        axes.tick_params(axis="x", rotation=45)
        _legend(axes)
    return figure


def _curves(labels: Sequence[int], scores: Mapping[str, np.ndarray[Any, Any]]) -> dict[str, Curves]:
    return {name: Curves.of(labels, values) for name, values in scores.items()}


def _draw_roc(axes: Axes, curves: Mapping[str, Curves]) -> None:
    _square(axes, "False positive rate", "True positive rate", "ROC")
    for name, each in curves.items():
        axes.plot(each.false_positive_rate, each.true_positive_rate, label=f"{name}: AUC {each.roc_auc:.3f}")
    _legend(axes)


def _draw_calibration(axes: Axes, curves: Mapping[str, Curves]) -> None:
    _square(axes, "Mean score", "Share of positives", "Calibration")
    for name, each in curves.items():
        axes.plot(each.mean_score, each.positive_share, marker="o", label=name)
    _legend(axes)


def _figure(panels: int) -> tuple[Figure, list[Axes]]:
    # `Figure` instead of pyplot: it needs no display and has no global state.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5 * panels, 5), layout="constrained")
    return figure, list(figure.subplots(1, panels, squeeze=False)[0])


def _square(axes: Axes, x: str, y: str, title: str) -> None:
    axes.plot([0, 1], [0, 1], color=_GREY, linewidth=1)
    axes.set(xlabel=x, ylabel=y, xlim=(0, 1), ylim=(0, 1), title=title)


def _legend(axes: Axes) -> None:
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="best")
