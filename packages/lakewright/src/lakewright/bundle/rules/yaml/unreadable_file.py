"""LW101: A file of the bundle cannot be read."""

from pathlib import Path

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UnreadableFile(Rule):
    """A file of the bundle cannot be read.

    ## What it does

    Reports a file that is not UTF-8 text, or that the operating system refuses to open.

    ## Why is this bad?

    The file is not loaded, so its jobs and variables are missing from the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    include: [jobs.yml]
    ```

    ```yaml jobs.yml encoding=latin-1
    resources: {jobs: {load: {description: Größe}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    include: [jobs.yml]
    ```

    ```yaml jobs.yml
    resources: {jobs: {load: {description: Größe}}}
    ```
    """

    code = "LW101"
    name = "unreadable-file"
    severity = "error"

    @classmethod
    def of(cls, file: Path, error: UnicodeDecodeError | OSError) -> Diagnostic:
        """Return the finding for a file and the error that reading it raised."""
        place = Location(file, 1, 1)
        if isinstance(error, UnicodeDecodeError):
            summary = f"{file.name} is not UTF-8 text: {error.reason} at byte {error.start}"
            return cls.finding(summary, location=place, fix="save the file as UTF-8")
        summary = f"cannot read {file.name}: {error.strerror}"
        return cls.finding(summary, location=place, fix="check that it is a file and that you may read it")
