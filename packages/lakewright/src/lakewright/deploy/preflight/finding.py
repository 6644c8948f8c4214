"""What a check found, and the steps that would fix it, each with who must run it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from databricks_utils.catalog.grants import Grant
from lakewright.bundle import Location
from lakewright.workspace.refusing import Kind, Refusal


class Status(StrEnum):
    """What a check says."""

    OK = "ok"
    MISSING = "missing"
    NOT_KNOWN = "not known"
    NOTE = "note"


class Role(StrEnum):
    """Who must run something, in the order in which people work: accounts first, the deployment last."""

    ACCOUNT_ADMIN = "an account admin"
    METASTORE_ADMIN = "a metastore admin"
    WORKSPACE_ADMIN = "a workspace admin"
    OWNER = "the owner"
    DEVELOPER = "a developer of this project"
    DEPLOYER = "who deploys"


@dataclass(frozen=True)
class Who:
    """Who must run a step, or could answer a question.

    Attributes:
        role: Its role.
        of: What it owns, for an owner: `catalog prod_analytics`.
        name: Its name, if that is known.
    """

    role: Role
    of: str = ""
    name: str = ""

    def __str__(self) -> str:
        words = f"{self.role} of {self.of}" if self.of else str(self.role)
        return f"{words} (`{self.name}`)" if self.name else words


@dataclass(frozen=True)
class Step:
    """Something that somebody runs.

    Attributes:
        who: Who must run it.
        commands: Commands or SQL statements, in their order.
        grants: Grants, which are shown as SQL or as Terraform.
        because: Why it has to be that person, or what to look at; empty if it is plain.
    """

    who: Who
    commands: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()
    because: str = ""


@dataclass(frozen=True)
class Finding:
    """One answer of one check.

    Texts may hold names that the workspace says; commands have them quoted.

    Attributes:
        check: The check's name.
        status: What it says.
        subject: What it is about: `catalog prod_analytics`.
        summary: What was found, in one line.
        path: The key path in the bundle.
        location: Where that is written.
        steps: What to run, in this order.
        ask: Who could answer what is not known.
        can_be_asked: Whether anybody could answer it through the API; where not, `--strict` does not fail on it.
    """

    check: str
    status: Status
    subject: str
    summary: str
    path: str | None = None
    location: Location | None = None
    steps: tuple[Step, ...] = field(default=())
    ask: Who | None = None
    can_be_asked: bool = True


def not_known(  # noqa: PLR0913 - the fields of a finding
    check: str,
    subject: str,
    refusal: Refusal,
    *,
    ask: Who,
    path: str | None = None,
    location: Location | None = None,
    may_be_missing: bool = False,
) -> Finding:
    """Return the finding for a question that the workspace did not answer.

    Args:
        check: The check's name.
        subject: What it is about.
        refusal: Why there is no answer.
        ask: Who could answer it.
        path: The key path in the bundle.
        location: Where that is written.
        may_be_missing: Whether a workspace may lack this API and still run the bundle.
    """
    return Finding(
        check,
        Status.NOT_KNOWN,
        subject,
        str(refusal),
        path,
        location,
        ask=ask,
        can_be_asked=not (may_be_missing and refusal.kind is Kind.NOT_OFFERED),
    )
