"""An error as data, which a task's process can send to the runner."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from databricks_utils.errors import DiagnosedError


@dataclass(frozen=True)
class Problem:
    """The fields of a `DiagnosedError`, without the exception."""

    summary: str
    detail: str | None = None
    location: str | None = None
    fix: str | None = None
    docs: str | None = None

    @classmethod
    def of(cls, error: DiagnosedError) -> Problem:
        """The fields of an error."""
        return cls(error.summary, error.detail, error.location, error.fix, error.docs)

    def as_dict(self) -> dict[str, str | None]:
        """The fields by name."""
        return asdict(self)
