"""Stand in for a data provider: copy sample drops into the landing volume, for trying a project out."""

import os
import shutil
from pathlib import Path

from databricks_utils.medallion.errors import LandingFolderError
from databricks_utils.medallion.landing.inspection import sha256_of


def deliver(samples: Path, landing: Path) -> list[Path]:
    """Copy the sample files that the landing volume does not hold yet, and those whose content has changed since.

    The hash of a delivered sample is kept in a hidden file beside its copy. A file that came into the volume in another way,
    or was corrected there, stays until its sample changes. Each file is copied under a hidden name and then renamed, so that a
    crash leaves no half file.

    Args:
        samples: One folder a source, each with its drops.
        landing: The landing volume's folder.

    Returns:
        The files that were copied.

    Raises:
        LandingFolderError: There are no samples.
    """
    if not samples.is_dir():
        raise LandingFolderError(
            "ingestion: there is no folder with sample drops",
            location=str(samples),
            fix="name a folder with one folder a source below it",
        )
    delivered = []
    for sample in sorted(samples.glob("*/*.csv*")):
        target = landing / sample.parent.name / sample.name
        note = target.with_name(f".{target.name}.sample")
        digest = sha256_of(sample)
        if target.exists() and (not note.exists() or note.read_text(encoding="ascii") == digest):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.part")
        shutil.copyfile(sample, partial)
        os.replace(partial, target)  # noqa: PTH105 - the one call that replaces atomically on every system
        note.write_text(digest, encoding="ascii")
        delivered.append(target)
    return delivered
