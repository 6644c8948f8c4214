"""The Databricks CLI on PATH: where it is, what it prints as its version, and which versions fit."""

import os
from pathlib import Path

import pytest

from lakewright.databricks_cli.program import Cli, find_cli, fits_version, missing_cli, unfit

pytestmark = pytest.mark.unit


def put(folder: Path, script: str) -> dict[str, str]:
    program = folder / "databricks"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}/usr/bin:/bin"}


@pytest.mark.parametrize(
    ("script", "version"),
    [
        ("echo Databricks CLI v1.9.0", "1.9.0"),
        ("echo Databricks CLI v0.0.0-dev+abc123", "0.0.0-dev+abc123"),
        ("echo Version 0.18.0", "0.18.0"),
        ("echo Version 0.17.8 >&2", "0.17.8"),
        ("echo hello", ""),
        ("exit 3", ""),
    ],
)
def test_the_version_is_what_the_program_prints(tmp_path, script, version):
    assert find_cli(put(tmp_path, script)) == Cli(str(tmp_path / "databricks"), version)


def test_a_program_that_cannot_start_has_no_version(tmp_path):
    environ = put(tmp_path, "")
    (tmp_path / "databricks").write_text("#!/no/such/interpreter\n")
    assert find_cli(environ) == Cli(str(tmp_path / "databricks"), "")


def test_without_a_program_there_is_none_and_one_error(tmp_path):
    assert find_cli({"PATH": str(tmp_path)}) is None
    error = missing_cli()
    assert error.summary == "`databricks` is not on PATH"
    assert error.fix.startswith("install the Databricks CLI: https://")


@pytest.mark.parametrize("version", ["0.18.0", "0.17.8", "0.9.1"])
def test_the_retired_python_package_never_fits(version):
    for required in ("", ">= 0.1.0"):
        error = unfit(Cli("/bin/databricks", version), required)
        assert f"`/bin/databricks` is version {version} of the retired Python package" in error.summary
        assert error.fix.startswith("pip uninstall databricks-cli, then install the Databricks CLI")


@pytest.mark.parametrize(
    ("version", "required", "fits"),
    [
        ("0.200.0", "", True),
        ("1.9.0", ">= 1.10.0", False),
        ("1.10.0", ">= 1.10.0", True),
        ("1.13.0", ">= 0.218.0, <= 1.0.0", False),
        ("0.218.5", "0.218.*", True),
        ("0.0.0-dev+abc", ">= 1.10.0", True),
        ("", ">= 1.10.0", True),
        ("1.9.0", "newest", True),
    ],
)
def test_a_version_outside_of_the_limits_is_an_error_with_what_to_install(version, required, fits):
    error = unfit(Cli("/bin/databricks", version), required)
    assert (error is None) is fits
    if error:
        assert error.summary == f"`/bin/databricks` is version {version}, and the bundle needs {required}"
        assert f"version {required}: https://" in error.fix


@pytest.mark.parametrize(("version", "required"), [("", ">= 1.0.0"), ("1.9.0", "newest"), ("x.y", "1.*")])
def test_what_cannot_be_compared_is_not_said_to_fit(version, required):
    assert fits_version(version, required) is None
