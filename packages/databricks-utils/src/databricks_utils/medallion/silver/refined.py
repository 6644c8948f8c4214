"""The result of a transformation for one entity, and its advice in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refined:
    """The result of one transformation for an entity.

    Attributes:
        entity: Its name.
        judged: Records of the files that were accepted now, and records that were judged again.
        quarantined: The invalid records among them.
        arrived: Records that were in quarantine and are valid now.
        outdated: Records that an earlier definition judged.
        changed: What differs from that earlier definition, in words.
        waiting: Quarantined records that may be valid now: the definition or the rows of a needed table have changed since they were
            judged.
        table: The silver table.
        superseded: Records that were removed because their file was delivered again.
        failed: Rule → the records of the files that were accepted now that fail it, of every severity; without rules that none fails.
    """

    entity: str
    judged: int
    quarantined: int
    arrived: int
    outdated: int
    changed: tuple[str, ...]
    waiting: int
    table: str
    superseded: int = 0
    failed: Mapping[str, int] = field(default_factory=dict)

    @property
    def quality(self) -> str:
        """`quarantined` if a record of the files that were accepted now is, `warned` if one only has a warning, else `passed`."""
        if self.quarantined:
            return "quarantined"
        return "warned" if self.failed else "passed"

    @property
    def advice(self) -> str:
        """The command for outdated and for waiting records, with the reason; empty if there are none."""
        lines = []
        if self.outdated:
            what = "; ".join(self.changed) or "that definition was not recorded"
            lines.append(
                f"{self.entity}: {self.outdated:,} records were judged under an earlier definition ({what})\n"
                "  to judge all of them again, run the transformation with mode=rebuild (Medallion.rebuild())"
            )
        if self.waiting:
            lines.append(
                f"{self.entity}: {self.waiting:,} quarantined records may be valid now\n"
                "  to judge them again, run the transformation with mode=judge_again (Medallion.judge_again())"
            )
        return "\n".join(lines)
