"""Compare two states of a contract: the changes, and whether the version has risen as they demand."""

from dataclasses import dataclass, replace

from databricks_utils.config.tree import Data
from databricks_utils.contracts.changes.change import Change, Spot
from databricks_utils.contracts.changes.effects import Level, highest
from databricks_utils.contracts.changes.head import compare_head
from databricks_utils.contracts.changes.promises.references import ends_of
from databricks_utils.contracts.changes.tables import compare_tables
from databricks_utils.contracts.changes.versions import parsed
from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.errors import ContractError, ContractFileError, problems_of
from databricks_utils.contracts.parts import tables_of

_FIRST = "1.0.0"
_WORDS = {
    Level.MAJOR: "a breaking change demands a new major version",
    Level.MINOR: "a risky change or an addition demands a new minor version",
    Level.PATCH: "a change demands a new patch version",
    Level.NONE: "nothing changed",
}
_BELOW_ONE = {
    Level.MAJOR: "below 1.0.0 a breaking change demands a new minor version",
    Level.MINOR: "below 1.0.0 a change demands a new patch version",
    Level.PATCH: "below 1.0.0 a change demands a new patch version",
}


@dataclass(frozen=True)
class Verdict:
    """Whether a contract's new version fits its changes.

    Attributes:
        fits: Whether it does.
        reason: Why, in one line.
        fix: What to write instead; empty if it fits.
        suggested: The least version that fits; empty if none has to be set.
        location: `file:line` of what has to be changed; empty if it fits.
    """

    fits: bool
    reason: str
    fix: str = ""
    suggested: str = ""
    location: str = ""


@dataclass(frozen=True)
class Comparison:
    """Two states of a contract.

    Attributes:
        id: Its id.
        old_file: The file of the old state; empty if the contract is new.
        new_file: The file of the new state; empty if it is deleted.
        old_version: Its version before; empty if it is not known.
        new_version: Its version now; empty if it is deleted.
        changes: The changes, in the order of the file.
        verdict: Whether the new version fits.
    """

    id: str
    old_file: str
    new_file: str
    old_version: str
    new_version: str
    changes: tuple[Change, ...]
    verdict: Verdict

    @property
    def level(self) -> Level:
        """The number of the version that the changes raise."""
        return highest(change.level for change in self.changes)

    def renamed(self, prefix: str, name: str) -> "Comparison":
        """Return the same with other files: where a path begins with a prefix, a name stands instead.

        Args:
            prefix: The beginning of paths, such as a folder into which an old state was copied.
            name: What people shall read instead.
        """

        def shown(place: str) -> str:
            return f"{name}{place.removeprefix(prefix)}" if place.startswith(prefix) else place

        return replace(
            self,
            old_file=shown(self.old_file),
            new_file=shown(self.new_file),
            changes=tuple(replace(change, location=shown(change.location)) for change in self.changes),
            verdict=replace(self.verdict, location=shown(self.verdict.location)),
        )

    def as_data(self) -> dict[str, Data]:
        """Return all of it as plain data; the reference page has the shape."""
        verdict = self.verdict
        return {
            "id": self.id,
            "old_file": self.old_file or None,
            "new_file": self.new_file or None,
            "old_version": self.old_version or None,
            "new_version": self.new_version or None,
            "level": self.level.value,
            "fits": verdict.fits,
            "reason": verdict.reason,
            "fix": verdict.fix or None,
            "suggested_version": verdict.suggested or None,
            "location": verdict.location or None,
            "changes": [
                {
                    "kind": change.kind,
                    "path": change.path,
                    "summary": change.summary,
                    "old": change.old,
                    "new": change.new,
                    "location": change.location,
                    "consumer": change.consumer.value,
                    "producer": change.producer.value,
                    "level": change.level.value,
                }
                for change in self.changes
            ],
        }


def compare(old: Contract, new: Contract) -> Comparison:
    """Compare two states of a contract.

    Args:
        old: The state before.
        new: The state now.

    Raises:
        ContractFileError: One of them is nested too deeply.
    """
    try:
        spot = Spot((), old.tree, new.tree, {**ends_of(old), **ends_of(new)})
        changes = (*compare_head(spot), *compare_tables(spot, tables_of(old), tables_of(new)))
    except RecursionError:
        raise ContractFileError(
            f"the contract {new.file} is nested too deeply", location=new.file, fix="use fewer levels"
        ) from None
    level = highest(change.level for change in changes)
    return Comparison(
        new.id, old.file, new.file, old.version, new.version, changes, _verdict(old, new, level)
    )


def added(new: Contract) -> Comparison:
    """Return the comparison of a contract that is new.

    Args:
        new: The contract.
    """
    change = Spot((), new.tree, new.tree).at("id").change("contract_added", "new contract", None, new.id)
    verdict = _form(new, _FIRST) or Verdict(fits=True, reason=f"{new.version} is its first version")
    return Comparison(new.id, "", new.file, "", new.version, (change,), verdict)


def removed(old: Contract) -> Comparison:
    """Return the comparison of a contract that is deleted; it fits if the contract was retired before.

    Args:
        old: The contract.
    """
    is_retired = old.status.lower() == "retired"
    kind = "retired_contract_removed" if is_retired else "contract_removed"
    change = Spot((), old.tree, old.tree).at("id").removed(kind, "contract deleted", old.id)
    verdict = Verdict(fits=True, reason="it was retired before")
    if not is_retired:
        version = parsed(old.version)
        raised = str(version.raised(Level.MAJOR)) if version else _FIRST
        verdict = Verdict(
            fits=False,
            reason="a contract ends by being retired: who reads the data must be able to see it",
            fix=f"keep the file, with status: retired and version: {raised}; delete it in a later change",
            suggested=raised,
            location=change.location,
        )
    return Comparison(old.id, old.file, "", old.version, "", (change,), verdict)


def unreadable(error: ContractError, new: Contract) -> Comparison:
    """Return the comparison with an old state that is not a valid contract: nobody could rely on it, and nothing can be compared.

    Args:
        error: What is wrong in the old state.
        new: The contract now.
    """
    problem = problems_of(error)[0]
    summary = f"the old state is not valid, and was not compared: {problem.summary}"
    change = Change("contract_unreadable", "", summary, None, new.id, problem.location)
    verdict = _form(new, _FIRST) or Verdict(fits=True, reason="the old version is not known")
    return Comparison(new.id, "", new.file, "", new.version, (change,), verdict)


def removed_unreadable(error: ContractError, file: str) -> Comparison:
    """Return the comparison of a contract that is deleted, and whose old state is not valid: whether it was retired is not known.

    Args:
        error: What is wrong in the old state.
        file: The file of the old state.
    """
    problem = problems_of(error)[0]
    summary = f"contract deleted; its old state is not valid: {problem.summary}"
    place = problem.location or file
    change = Change("contract_removed", "", summary, None, None, place)
    verdict = Verdict(
        fits=False,
        reason="a contract ends by being retired, and this one was not valid: whether it was retired is not known",
        fix="restore the file, correct it and set status: retired; delete it in a later change",
        location=place,
    )
    return Comparison("", file, "", "", "", (change,), verdict)


def _form(new: Contract, suggested: str) -> Verdict | None:
    """The verdict on a version that is none."""
    if parsed(new.version) is not None:
        return None
    return Verdict(
        fits=False,
        reason=f"`{new.version}` is no semantic version such as 1.4.0",
        fix=f"set version: {suggested}",
        suggested=suggested,
        location=str(new.tree.closest(("version",)).origin),
    )


def _verdict(old: Contract, new: Contract, level: Level) -> Verdict:
    place = str(new.tree.closest(("version",)).origin)
    if old.id != new.id:
        return Verdict(
            fits=False,
            reason=f"these are two contracts: the id was `{old.id}` and is `{new.id}`",
            fix=f"set id: {old.id}; or retire the one, and add the other as a new file",
            location=str(new.tree.closest(("id",)).origin),
        )
    before, now = parsed(old.version), parsed(new.version)
    suggested = str(before.raised(level)) if before else _FIRST
    if now is None or before is None:
        return _form(new, suggested) or Verdict(
            fits=True, reason=f"the old version `{old.version}` is not semantic: any new one fits"
        )
    words = (_BELOW_ONE if before.numbers[0] == 0 and level in _BELOW_ONE else _WORDS)[level]
    if before.admits(now, level):
        same = old.version == new.version
        return Verdict(fits=True, reason=words if same else f"{old.version} → {new.version}; {words}")
    went = "went down" if now.order < before.order else "is too low"
    return Verdict(
        fits=False,
        reason=f"version {old.version} → {new.version} {went}: {words}",
        fix=f"set version: {suggested}",
        suggested=suggested,
        location=place,
    )
