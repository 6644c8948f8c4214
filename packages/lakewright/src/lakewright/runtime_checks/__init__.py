"""Compare a project's environment on this machine with the runtimes of its jobs; part of `lakewright doctor`."""

from lakewright.runtime_checks.findings import examine_runtimes

__all__ = ["examine_runtimes"]
