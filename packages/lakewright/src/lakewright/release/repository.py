"""The git repository of a project, as far as releases ask for it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from lakewright.past.git import ForeignRepositoryError, GitError, commit_of, git
from lakewright.release.errors import HistoryError, ReleaseError

_SHOWN = 5


@dataclass(frozen=True)
class Repository:
    """A repository, asked from one of its folders.

    Attributes:
        folder: The folder, usually a project's.
    """

    folder: Path

    @property
    def root(self) -> Path:
        """The folder of the whole repository."""
        return Path(self.ask("rev-parse", "--show-toplevel")).resolve()

    @property
    def place(self) -> str:
        """Where the folder is in the repository: `.` for the repository's own folder, else a path such as `pipelines/orders`."""
        return self.ask("rev-parse", "--show-prefix").rstrip("/") or "."

    @property
    def head(self) -> str:
        """The commit that is checked out."""
        found = self.commit("HEAD")
        if found is None:
            raise HistoryError("the repository has no commit", location=str(self.folder), fix="commit first")
        return found

    @property
    def is_shallow(self) -> bool:
        """Whether older commits were left out when it was cloned, as CI systems do by default."""
        return self.ask("rev-parse", "--is-shallow-repository") == "true"

    def commit(self, ref: str) -> str | None:
        """Return the commit that a ref names; None if there is no such ref."""
        if ref.startswith("-"):
            return None
        try:
            return commit_of(self.folder, ref)
        except GitError:
            self.ask("rev-parse", "--git-dir")  # raises if there is no repository at all
            return None

    def names(self, *arguments: str) -> list[str]:
        """Return the names that a git command prints with `-z`."""
        return [name for name in os.fsdecode(self._git(*arguments)).split("\0") if name]

    def ask(self, *arguments: str) -> str:
        """Return what a git command prints, without the end of the line.

        Raises:
            ReleaseError: There is no git, no repository, or the command fails.
        """
        return os.fsdecode(self._git(*arguments)).strip("\n")

    def refuse_shallow(self) -> None:
        """Raise if older commits are missing here.

        Raises:
            HistoryError: They are.
        """
        if self.is_shallow:
            raise HistoryError(
                "the repository here lacks older commits and tags, so what is a part of what cannot be known",
                location=str(self.folder),
                fix="fetch them: git fetch --unshallow --tags\n"
                "in CI: `fetch-depth: 0` of actions/checkout (GitHub), `fetchDepth: 0` of checkout (Azure DevOps), "
                "`GIT_DEPTH: 0` (GitLab)",
            )

    def is_change(self, path: Path) -> bool:
        """Whether a file at a path would be a change: it lies in the repository, and no `.gitignore` names it."""
        place = path.resolve()
        if not place.is_relative_to(self.root) or ".git" in place.relative_to(self.root).parts:
            return False
        try:
            git(self.folder, "check-ignore", "--quiet", str(place / "x"))
        except GitError:
            return True
        return False

    def refuse_changes(self) -> None:
        """Raise if files of the repository differ from the commit that is checked out.

        All of it, not the folder alone: a bundle may upload or build what lies beside it.

        Raises:
            ReleaseError: They do: what is built or deployed would be of no commit.
        """
        changed = [each[3:] for each in self.names("status", "--porcelain", "--no-renames", "-z", "--", ":/")]
        if changed:
            more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
            raise ReleaseError(
                "files differ from the commit that is checked out",
                detail=", ".join(changed[:_SHOWN]) + more,
                location=str(self.folder),
                fix="commit them, or put them away: git stash --include-untracked",
            )

    def _git(self, *arguments: str) -> bytes:
        try:
            return git(self.folder, *arguments)
        except GitError as error:
            # Without a place there is no git at all.
            known = isinstance(error, ForeignRepositoryError) or error.location is None
            fix = error.fix if known else "run it in the project's git repository"
            raise ReleaseError(error.summary, location=error.location, fix=fix) from error
