"""Copy sample drops into the landing volume, in place of a data provider, to try a project."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from databricks_utils.medallion.errors import LandingFolderError
from databricks_utils.medallion.landing.inspection import sha256_of

_NO_SAMPLES = ".no_samples"


def refuse_samples(landing: Path) -> None:
    """Mark a landing volume as one that gets other files than samples: `deliver` copies nothing into it."""
    landing.mkdir(parents=True, exist_ok=True)
    (landing / _NO_SAMPLES).touch()


def deliver(samples: Path, landing: Path) -> list[Path]:
    """Copy the sample files that the landing volume lacks, and those that have changed since they were copied.

    The hash of a delivered sample is kept in a hidden file beside its copy. A file that was put into the volume in another way,
    or was corrected there, stays until its sample changes. Each file is copied under a hidden name and then renamed, so that a
    crash leaves no incomplete file. A volume that `refuse_samples` has marked gets none.

    Args:
        samples: A folder with one folder of drops for each source.
        landing: The landing volume's folder.

    Returns:
        The files that were copied.

    Raises:
        LandingFolderError: The folder does not exist.
    """
    if not samples.is_dir():
        raise LandingFolderError(
            "ingestion: there is no folder with sample drops",
            location=str(samples),
            fix="name a folder that contains one folder for each source",
        )
    if (landing / _NO_SAMPLES).exists():
        return []
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
        with suppress(OSError):  # some mounts refuse it; then the file is new, and is read once more
            os.utime(partial, ns=(sample.stat().st_atime_ns, sample.stat().st_mtime_ns))
        os.replace(partial, target)  # noqa: PTH105 - the one call that replaces atomically on every system
        note.write_text(digest, encoding="ascii")
        delivered.append(target)
    return delivered
