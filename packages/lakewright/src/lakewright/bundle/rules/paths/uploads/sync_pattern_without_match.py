"""LW412: A pattern of `sync` matches no file."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class SyncPatternWithoutMatch(Rule):
    """A pattern of `sync` matches no file.

    ## What it does

    Compares the patterns of `sync.include` and `sync.exclude` with the files of the uploaded folder. The patterns have
    the syntax of a `.gitignore`.

    ## Why is this bad?

    Usually the folder was renamed or is misspelled. Needed files are missing in the workspace, or files that should
    stay here are uploaded. The Databricks CLI warns too.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    sync: {exclude: [note/*.md]}
    ```

    ```text notes/todo.md
    buy milk
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    sync: {exclude: [notes/*.md]}
    ```

    ```text notes/todo.md
    buy milk
    ```
    """

    code = "LW412"
    name = "sync-pattern-without-match"
    severity = "warning"

    @classmethod
    def of(cls, pattern: str, location: Location | None, path: str) -> Diagnostic:
        """Return the finding for a pattern of `sync.include` or `sync.exclude`."""
        return cls.finding(
            f"pattern {pattern} does not match any files",
            location=location,
            path=path,
            fix="correct the pattern, which counts from the folder of its file, or remove it",
        )
