"""The verdict of the gate, with the checks that led to it."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from databricks_utils.mlops.gate.models import ModelReference


@dataclass(frozen=True)
class GateCheck:
    """One check of the gate.

    Attributes:
        name: Name of the check.
        passed: Whether it passed.
        observed: The measured value; NaN if it could not be measured.
        required: The required value.
        detail: The result as text.
    """

    name: str
    passed: bool
    observed: float
    required: float
    detail: str


@dataclass(frozen=True)
class GateDecision:
    """The verdict of the gate, which `ModelRegistry.promote` requires.

    Attributes:
        candidate: The version that was judged.
        champion: The version that it was compared with; None if there was no champion.
        checks: All checks with their results.
        champion_metrics: What was measured for the champion, on the rows of the absolute thresholds; empty if there was none, or if
            the candidate was refused before.
    """

    candidate: ModelReference
    champion: ModelReference | None
    checks: tuple[GateCheck, ...]
    champion_metrics: Mapping[str, float] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """True if there was at least one check, and all passed."""
        return bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def verdict(self) -> str:
        """`passed` or `refused`."""
        return "passed" if self.passed else "refused"

    def as_dict(self) -> dict[str, Any]:
        """Return the decision as plain data, for a tag, a report or an artifact; None in place of what could not be measured."""
        plain = asdict(self)
        for check in plain["checks"]:
            check["observed"] = None if math.isnan(check["observed"]) else check["observed"]
        return {**plain, "verdict": self.verdict}

    def __str__(self) -> str:
        """Return the verdict and the checks, one on each line."""
        against = f"champion version {self.champion.version}" if self.champion else "no champion"
        head = f"{self.candidate.name} version {self.candidate.version} against {against}: {self.verdict}"
        lines = [head, *(f"  {'ok ' if c.passed else 'NO '} {c.name}: {c.detail}" for c in self.checks)]
        if self.champion_metrics:
            figures = ", ".join(f"{name} {value:.4f}" for name, value in self.champion_metrics.items())
            lines.append(f"  the champion on the same rows: {figures}")
        return "\n".join(lines)
