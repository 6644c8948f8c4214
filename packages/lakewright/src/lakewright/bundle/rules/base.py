"""The base of all rules: a rule describes a finding, and is the only place that creates it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from lakewright.bundle.jobs.view import BundleView, JobView, TaskView
from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.diagnostic import Diagnostic, Location, Severity
from lakewright.shown_text.secret_forms import hidden

Fixable = Literal["no", "if one name is similar", "yes"]


class Rule:
    """A kind of finding. Subclasses set the attributes; their docstring becomes a section of the docs.

    If the finding is reported while a bundle is loaded, the subclass has a class method `of`, which returns the finding.

    Attributes:
        code: `LW` and three digits; a code is never used again for something else.
        name: A name in kebab case, which a comment can use instead of the code.
        severity: The severity; if it depends on the case, the highest one.
        fixable: Whether the finding alone determines the fix, so that a program could apply it. For a wrong name
            this is so only if exactly one right name is similar.
        can_be_silenced: Whether a comment may silence an error of this rule: the Databricks CLI accepts the bundle, and the
            error does not change what is loaded. Warnings and recommendations can always be silenced.
        command: The command that reports it, without `lakewright`.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity]
    fixable: ClassVar[Fixable] = "no"
    can_be_silenced: ClassVar[bool] = False
    command: ClassVar[str] = "validate"

    @classmethod
    def finding(  # noqa: PLR0913 - the fields of a diagnostic
        cls,
        summary: str,
        *,
        severity: Severity | None = None,
        location: Location | None = None,
        path: str | None = None,
        detail: str | None = None,
        fix: str | None = None,
        related: Iterable[Location] = (),
    ) -> Diagnostic:
        """Return a finding of this rule, without secrets in its texts; `severity` is for cases that are milder than the rule's."""
        return Diagnostic(
            cls.code,
            severity or cls.severity,
            hidden(summary),
            detail and hidden(detail),
            location,
            path,
            fix and hidden(fix),
            tuple(related),
        )

    @classmethod
    def _at(cls, bundle: Bundle, path: str, summary: str, detail: str | None, fix: str | None) -> Diagnostic:
        return cls.finding(summary, location=bundle.locate(path), path=path, detail=detail, fix=fix)


class TaskRule(Rule, ABC):
    """A rule that looks at each task of a loaded bundle, the repeated tasks of for-each tasks among them."""

    can_be_silenced = True

    @abstractmethod
    def check(self, task: TaskView) -> Iterator[Diagnostic]:
        """Yield the findings about one task."""

    @classmethod
    def at(
        cls, task: TaskView, field: str, summary: str, *, detail: str | None = None, fix: str | None = None
    ) -> Diagnostic:
        """Return a finding about a field of a task; an empty field stands for the task itself."""
        path = f"{task.path}.{field}" if field else task.path
        return cls._at(task.job.bundle, path, summary, detail, fix)


class JobRule(Rule, ABC):
    """A rule that looks at each job of a loaded bundle."""

    can_be_silenced = True

    @abstractmethod
    def check(self, job: JobView) -> Iterator[Diagnostic]:
        """Yield the findings about one job."""

    @classmethod
    def at(
        cls, job: JobView, field: str, summary: str, *, detail: str | None = None, fix: str | None = None
    ) -> Diagnostic:
        """Return a finding about a field of a job."""
        return cls._at(job.bundle, f"{job.path}.{field}", summary, detail, fix)


class BundleRule(Rule, ABC):
    """A rule that looks at a loaded bundle as a whole.

    Attributes:
        reads_files_only: Whether it looks at the files alone, so that it also holds where no target can be chosen and nothing is
            resolved.
    """

    can_be_silenced = True
    reads_files_only: ClassVar[bool] = False

    @abstractmethod
    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield the findings about the bundle."""

    @classmethod
    def at(
        cls, view: BundleView, path: str, summary: str, *, detail: str | None = None, fix: str | None = None
    ) -> Diagnostic:
        """Return a finding about the value at a key path of the bundle."""
        return cls._at(view.bundle, path, summary, detail, fix)


class GrantsRule(Rule):
    """A rule about grants: `lakewright.grants` finds the problem, and this rule words it."""

    command = "grants check"
    can_be_silenced = True

    @classmethod
    def of(  # noqa: PLR0913 - the fields of a diagnostic
        cls,
        summary: str,
        *,
        fix: str | None,
        location: Location | None = None,
        path: str | None = None,
        detail: str | None = None,
        severity: Severity | None = None,
    ) -> Diagnostic:
        """Return the finding for a problem; `severity` is for cases that are milder than the rule's."""
        return cls.finding(summary, severity=severity, location=location, path=path, detail=detail, fix=fix)
