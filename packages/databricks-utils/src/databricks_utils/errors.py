"""Errors as data: what is wrong, where, and how to fix it. The command line renders them, once."""


class DiagnosedError(Exception):
    """An error that a person can act on.

    Every package has one base class that inherits from this one; a concrete error inherits the fitting
    built-in too (`MissingKeyError(ConfigError, KeyError)`), so `except KeyError` catches it.

    Attributes:
        summary: One line: what is wrong.
        detail: What was seen, looked up or tried; may have several lines.
        location: `file:line`, a key path, or a table's name.
        fix: What to do next, as a command where there is one.
        docs: Path or address of the page that explains more.
    """

    exit_code = 2

    def __init__(
        self,
        summary: str,
        *,
        detail: str | None = None,
        location: str | None = None,
        fix: str | None = None,
        docs: str | None = None,
    ) -> None:
        super().__init__(summary)
        self.summary = summary
        self.detail = detail
        self.location = location
        self.fix = fix
        self.docs = docs

    def __str__(self) -> str:
        """Return all fields as text, the summary first."""
        lines = [self.summary]
        if self.location:
            lines.append(f"  at: {self.location}")
        if self.detail:
            lines.extend(f"  {line}" for line in self.detail.splitlines())
        if self.fix:
            first, *rest = self.fix.splitlines()
            lines.append(f"  fix: {first}")
            lines.extend(f"       {line}" for line in rest)
        if self.docs:
            lines.append(f"  docs: {self.docs}")
        return "\n".join(lines)

    def __reduce__(self) -> tuple[object, ...]:
        """Keep every field when the error is pickled, for another process."""
        fields = {name: getattr(self, name) for name in ("detail", "location", "fix", "docs")}
        return (_rebuild, (type(self), self.summary, fields))


def _rebuild(kind: type[DiagnosedError], summary: str, fields: dict[str, str | None]) -> DiagnosedError:
    return kind(summary, **fields)


class DatabricksUtilsError(DiagnosedError):
    """Base of every error that `databricks_utils` raises on purpose."""
