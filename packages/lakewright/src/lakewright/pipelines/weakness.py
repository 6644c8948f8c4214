"""What a check finds in a pipeline."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Weakness:
    """One unsafe place of a pipeline.

    Attributes:
        file: Its file, from the project's folder.
        line: The line, from 1.
        rule: The name of the rule, such as `unpinned-action`.
        summary: What is unsafe, in one sentence.
        fix: What to write instead.
    """

    file: str
    line: int
    rule: str
    summary: str
    fix: str
