"""The verdict of the gate, with the checks that led to it."""

from dataclasses import asdict, dataclass
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
    """

    candidate: ModelReference
    champion: ModelReference | None
    checks: tuple[GateCheck, ...]

    @property
    def passed(self) -> bool:
        """True if there was at least one check, and all passed."""
        return bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def verdict(self) -> str:
        """`passed` or `refused`."""
        return "passed" if self.passed else "refused"

    def as_dict(self) -> dict[str, Any]:
        """Return the decision as plain data, for a tag, a report or an artifact."""
        return {**asdict(self), "verdict": self.verdict}

    def __str__(self) -> str:
        """Return the verdict and the checks, one on each line."""
        against = f"champion version {self.champion.version}" if self.champion else "no champion"
        head = f"{self.candidate.name} version {self.candidate.version} against {against}: {self.verdict}"
        return "\n".join(
            [head, *(f"  {'ok ' if c.passed else 'NO '} {c.name}: {c.detail}" for c in self.checks)]
        )
