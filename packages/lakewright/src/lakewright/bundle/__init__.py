"""Bundles: loading them, judging them, and saying what is wrong with them, without any workspace.

A path of `Bundle.resolved` names what is uploaded (`/Workspace/…/files/notebooks/01`); `local_file` gives the
file of the project behind it.
"""

from lakewright.bundle.classify import Kind, Verdict, classify_task
from lakewright.bundle.lint import lint_bundle
from lakewright.bundle.load import load_bundle
from lakewright.bundle.local_files import local_file
from lakewright.bundle.local_overlay import OverlayError, load_local_overlay
from lakewright.bundle.model import (
    Bundle,
    BundleError,
    BundleNotFoundError,
    Diagnostic,
    LocalOverlay,
    Location,
)
from lakewright.bundle.render import raise_on_errors, render, render_all
from lakewright.bundle.resource_values import job_key, local_value

__all__ = [
    "Bundle",
    "BundleError",
    "BundleNotFoundError",
    "Diagnostic",
    "Kind",
    "LocalOverlay",
    "Location",
    "OverlayError",
    "Verdict",
    "classify_task",
    "job_key",
    "lint_bundle",
    "load_bundle",
    "load_local_overlay",
    "local_file",
    "local_value",
    "raise_on_errors",
    "render",
    "render_all",
]
