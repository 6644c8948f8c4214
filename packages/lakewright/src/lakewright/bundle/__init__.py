"""Bundles: load them, find what is wrong with them, and say where their tasks can run, without any workspace.

A path of `Bundle.resolved` names what is uploaded (`/Workspace/…/files/notebooks/01`); `local_file` gives the
file of the project behind it.
"""

from lakewright.bundle.classify.packages import Package, find_libraries, find_package
from lakewright.bundle.classify.task import classify_task
from lakewright.bundle.classify.verdict import Kind, Verdict
from lakewright.bundle.cluster_lookup import TaskCluster, cluster_of
from lakewright.bundle.findings.collect import all_findings, findings_of_targets
from lakewright.bundle.findings.printed.text import render, render_all
from lakewright.bundle.findings.raising import raise_errors, raise_on_errors
from lakewright.bundle.job_lookup import job_key, jobs_run_by
from lakewright.bundle.load import load_all_targets, load_bundle
from lakewright.bundle.model.bundle import Bundle, BundleError, BundleNotFoundError, LocalOverlay
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.paths.wheel_names import distribution_of, is_wheel
from lakewright.bundle.project_files import local_file
from lakewright.bundle.project_settings.findings import project_settings_findings
from lakewright.bundle.reading.local_overlay import OverlayError, load_local_overlay
from lakewright.bundle.resource_references import local_value

__all__ = [
    "Bundle",
    "BundleError",
    "BundleNotFoundError",
    "Diagnostic",
    "Kind",
    "LocalOverlay",
    "Location",
    "OverlayError",
    "Package",
    "TaskCluster",
    "Verdict",
    "all_findings",
    "classify_task",
    "cluster_of",
    "distribution_of",
    "find_libraries",
    "find_package",
    "findings_of_targets",
    "is_wheel",
    "job_key",
    "jobs_run_by",
    "load_all_targets",
    "load_bundle",
    "load_local_overlay",
    "local_file",
    "local_value",
    "project_settings_findings",
    "raise_errors",
    "raise_on_errors",
    "render",
    "render_all",
]
