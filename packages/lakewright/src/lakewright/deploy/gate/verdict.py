"""What the gate says about a plan, as data; `shown` renders it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from lakewright.bundle.model.diagnostic import Location
from lakewright.deploy.gate.allowances import Allowance
from lakewright.deploy.plan.model import Action, Plan


class Outcome(StrEnum):
    """What becomes of one entry of a plan, the worst first."""

    REFUSED = "refused"
    ALLOWED = "allowed"
    WARNED = "warning"
    SHOWN = "shown"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Cause:
    """A field that makes the CLI act.

    Attributes:
        path: The field.
        action: What it needs.
        reason: The CLI's reason, in a word; often empty.
        old: Its value before, where it may be printed.
        new: Its value after, where it may be printed.
        effect: `set`, `removed` or `changed`.
        location: Where the bundle sets it.
        hint: The known cause of a difference that nobody wants; empty if there is none.
    """

    path: str
    action: Action
    reason: str = ""
    old: str | None = None
    new: str | None = None
    effect: str = "changed"
    location: Location | None = None
    hint: str = ""


@dataclass(frozen=True)
class Ignored:
    """A difference that is left out.

    Attributes:
        path: The field.
        rule: The name of the rule.
        because: Why it is no change.
        source: Where that is reported.
        fixed_in: The first version of the CLI without it; empty if not known.
    """

    path: str
    rule: str
    because: str
    source: str
    fixed_in: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the gate says about one entry.

    Attributes:
        key: The entry's key.
        noun: Its kind in words.
        action: What the plan does with it.
        outcome: What becomes of it.
        name: Its full name in the workspace today; empty if the plan does not have it.
        needs: The action that an allowance must name; None if no allowance is needed.
        lost_with: The key of what is destroyed around it, for an entry that the plan itself would leave.
        causes: The fields that make the CLI act.
        ignored: The differences that are left out.
        loss: What is lost.
        recovery: Whether it can be undone.
        source: Where that is documented.
        location: Where the bundle declares it; None for what the bundle no longer has.
        state: The folder of the deployment's state, for what only the state has; empty if it is not known.
        fixes: What to do, the best first.
        allowance: What allows it.
    """

    key: str
    noun: str
    action: Action
    outcome: Outcome
    name: str = ""
    needs: Action | None = None
    lost_with: str = ""
    causes: tuple[Cause, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    loss: str = ""
    recovery: str = ""
    source: str = ""
    location: Location | None = None
    state: str = ""
    fixes: tuple[str, ...] = ()
    allowance: Allowance | None = None


@dataclass(frozen=True)
class Problem:
    """What is wrong with an allowance.

    Attributes:
        summary: One line.
        fix: What to do.
        location: Where it is written; None for an option.
        refuses: Whether the plan is refused for it.
    """

    summary: str
    fix: str
    location: Location | None = None
    refuses: bool = True


@dataclass(frozen=True)
class Judgement:
    """What the gate says about a whole plan.

    Attributes:
        plan: The plan.
        target: The target that it is for; empty if it is not known.
        verdicts: One for each entry that the plan does not leave as it is, the worst first.
        unchanged: How many entries are left as they are.
        problems: What is wrong with the allowances.
        notes: What limits the answer.
    """

    plan: Plan = field(repr=False)
    target: str
    verdicts: tuple[Verdict, ...]
    unchanged: int
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether the plan may be deployed."""
        refused = any(verdict.outcome is Outcome.REFUSED for verdict in self.verdicts)
        return not refused and not any(problem.refuses for problem in self.problems)

    @property
    def has_changes(self) -> bool:
        """Whether anything differs, apart from what is left out."""
        return any(verdict.outcome is not Outcome.IGNORED for verdict in self.verdicts)
