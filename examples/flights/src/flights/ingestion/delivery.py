"""Play the data provider: put the sample drops of `data/landing` into the landing volume, where that is configured."""

import os
import shutil
from pathlib import Path

from flights.ingestion.errors import LandingFolderError
from flights.ingestion.landing import sha256_of


def deliver(samples: Path, landing: Path) -> list[Path]:
    """Copy the sample files that the landing volume does not hold yet, and those whose content has changed since.

    The hash of a delivered sample lies hidden beside its copy. What came into the volume in another way, or was corrected there,
    stays as long as its sample stays as it is. Each file is copied under a hidden name and then renamed, so that a crash leaves no half file.

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
            fix="set `extra.sample_drops` to a folder below the project's root, or take it out of config/<env>.yaml",
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
