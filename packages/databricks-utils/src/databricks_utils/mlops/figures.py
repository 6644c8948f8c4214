"""Two figures that every classifier needs: how it ranks, and whether its probabilities are true."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure

_BINS = 10


def roc_figure(labels: Sequence[int], scores: Mapping[str, "np.ndarray"]) -> "Figure":
    """Draw the ROC curve of one or more models on the same rows.

    Args:
        labels: 0 or 1, one a row.
        scores: Name of a model → its scores.
    """
    from sklearn.metrics import roc_auc_score, roc_curve

    figure, axes = _square("False positive rate", "True positive rate")
    for name, values in scores.items():
        false, true, _ = roc_curve(labels, values)
        axes.plot(false, true, label=f"{name}: AUC {roc_auc_score(labels, values):.3f}")
    return _finish(figure, axes, "ROC")


def calibration_figure(labels: Sequence[int], scores: Mapping[str, "np.ndarray"]) -> "Figure":
    """Draw the observed share of positives against the mean score, in ten bins of equal size.

    Args:
        labels: 0 or 1, one a row.
        scores: Name of a model → its scores.
    """
    from sklearn.calibration import calibration_curve

    figure, axes = _square("Mean score", "Share of positives")
    for name, values in scores.items():
        true, mean = calibration_curve(labels, values, n_bins=_BINS, strategy="quantile")
        axes.plot(mean, true, marker="o", label=name)
    return _finish(figure, axes, "Calibration")


def _square(x: str, y: str) -> tuple["Figure", Any]:
    # Figure itself, not pyplot: no state of the process, no display needed.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    axes.set(xlabel=x, ylabel=y, xlim=(0, 1), ylim=(0, 1))
    return figure, axes


def _finish(figure: "Figure", axes: Any, title: str) -> "Figure":  # noqa: ANN401 - matplotlib's Axes
    axes.set_title(title)
    axes.legend(loc="lower right")
    return figure
