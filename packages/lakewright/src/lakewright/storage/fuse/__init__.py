"""`/Volumes` and `/dbfs` for Python code, as the mounts of a cluster: `open`, `os`, `pathlib`, `shutil`, pandas, programs."""

from lakewright.storage.fuse.mounting import mount

__all__ = ["mount"]
