"""The ways in which a delivery can be unusable; each names the file and what to do with it."""

from collections.abc import Sequence

from databricks_utils.errors import DatabricksUtilsError


class IngestionError(DatabricksUtilsError):
    """Base of every error about a delivery."""


class LandingFolderError(IngestionError, FileNotFoundError):
    """Raised when the folder that a source is delivered to is not there."""


class LandingFileError(IngestionError, ValueError):
    """Raised when a file cannot be loaded: cut off, empty, in another encoding, with another header, oddly named."""


class BronzeMismatchError(IngestionError, RuntimeError):
    """Raised when bronze does not hold every record of the files that were just loaded."""


class LandingProblems(IngestionError, ValueError):
    """Raised when several files cannot be loaded; `problems` holds each of them."""

    def __init__(self, problems: Sequence[IngestionError]) -> None:
        super().__init__(
            f"ingestion: {len(problems)} files cannot be loaded; nothing was",
            detail="\n".join(str(problem) for problem in problems),
            fix="correct or move away each of them, then run the ingestion again",
        )
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the problems when the error crosses a process boundary."""
        return (type(self), (self.problems,))
