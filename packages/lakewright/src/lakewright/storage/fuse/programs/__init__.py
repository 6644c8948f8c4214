"""Paths of the mounts in the arguments of programs."""

from lakewright.storage.fuse.programs.starting import put_in_place

__all__ = ["put_in_place"]
