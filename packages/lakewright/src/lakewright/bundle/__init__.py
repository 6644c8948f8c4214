"""Bundles: loading them, judging them, and saying what is wrong with them, without any workspace.

A path of `Bundle.resolved` names what is uploaded (`/Workspace/…/files/notebooks/01`); `local_file` gives the
file of the project behind it.
"""

from lakewright.bundle.load import OverlayError, load_bundle, load_local_overlay
from lakewright.bundle.model import (
    Bundle,
    BundleError,
    BundleNotFoundError,
    Diagnostic,
    LocalOverlay,
    Location,
)
from lakewright.bundle.paths import local_file
from lakewright.bundle.render import raise_on_errors, render, render_all

__all__ = [
    "Bundle",
    "BundleError",
    "BundleNotFoundError",
    "Diagnostic",
    "LocalOverlay",
    "Location",
    "OverlayError",
    "load_bundle",
    "load_local_overlay",
    "local_file",
    "raise_on_errors",
    "render",
    "render_all",
]
