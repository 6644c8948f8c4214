"""The errors of declarations, deliveries and transformations."""

from collections.abc import Sequence

from databricks_utils.errors import DatabricksUtilsError
from databricks_utils.quality.errors import NotAcceptedError


class MedallionError(DatabricksUtilsError):
    """Base of every error about sources, entities and their tables."""


class DeclarationError(MedallionError, ValueError):
    """Raised when a source or an entity is declared in a way that cannot work."""


class LandingError(MedallionError):
    """Base of every error about a delivery; no row was written."""


class LandingFolderError(LandingError, FileNotFoundError):
    """Raised when the landing folder of a source does not exist."""


class LandingFileError(LandingError, ValueError):
    """Raised when a file cannot be loaded: it is cut off, empty or not UTF-8, or its header or its name is wrong."""


class LandingProblemsError(LandingError, ValueError):
    """Raised when several files cannot be loaded; `problems` holds each of them."""

    def __init__(self, problems: Sequence[LandingError]) -> None:
        super().__init__(
            f"ingestion: {len(problems)} files cannot be loaded; nothing was loaded",
            detail="\n".join(str(problem) for problem in problems),
            fix="correct or move away each of them, then run the ingestion again",
        )
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the problems when the error crosses a process boundary."""
        return (type(self), (self.problems,))


class BronzeMismatchError(MedallionError, RuntimeError):
    """Raised when bronze lacks records of the files that were just loaded."""


class LeftOutError(MedallionError, RuntimeError):
    """Raised when the function that types an entity left records out."""


class ColumnTypeError(MedallionError, TypeError):
    """Raised when a column's type in the code is not its type in the table, or not the one that a contract promises."""


class BrokenPromiseError(MedallionError, NotAcceptedError):
    """Raised when a row of a derived table fails a rule; the table was not written."""


class AccountingError(MedallionError, ValueError):
    """Raised when a record was lost or duplicated between two layers."""
