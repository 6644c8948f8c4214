"""Patterns as in a `.gitignore`, and which of them decides about a name."""

from collections.abc import Iterable

from pathspec import GitIgnoreSpec


class Patterns:
    """The lines of a `.gitignore`, of `sync.include` or of `sync.exclude`; a later `!pattern` takes back an earlier one."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = [line for line in lines if line]
        self._spec = GitIgnoreSpec.from_lines(self._lines)

    def deciding(self, name: str) -> str | None:
        """Return the pattern that makes a name match, or None if the name does not match.

        Args:
            name: A path relative to the folder of the patterns; that of a folder may end in `/`.

        Examples:
            >>> patterns = Patterns(["*.log", "!keep.log", "build/"])
            >>> patterns.deciding("a.log"), patterns.deciding("keep.log"), patterns.deciding("build/x.py")
            ('*.log', None, 'build/')
        """
        if not self._spec.match_file(name):
            return None
        pairs = zip(reversed(self._lines), reversed(list(self._spec.patterns)), strict=True)
        return next(line.strip() for line, pattern in pairs if pattern.include and pattern.match_file(name))
