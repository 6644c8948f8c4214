"""Small wheels, and a project that has them."""

import pytest
from package_index import stub

from lakewright.wheels.folder import carry
from lakewright.wheels.wheel_file import file_name

NAMES = ("databricks-utils", "lakewright")


def wheel_of(name, version, body="VALUE = 1"):
    """A whole wheel with one module."""
    return stub(name, version, body)


@pytest.fixture
def wheels_of():
    """Both wheels of a version."""
    return lambda version, body="VALUE = 1": tuple(wheel_of(name, version, body) for name in NAMES)


@pytest.fixture
def project(tmp_path, wheels_of, monkeypatch):
    """A project with both wheels of version 1.0, in the current folder."""
    root = tmp_path / "shop"
    root.mkdir()
    (root / "databricks.yml").write_text("bundle: {name: shop}\n", encoding="utf-8")
    named = "".join(f"./wheels/{file_name(name, '1.0')}[x]\n" for name in NAMES)
    (root / "requirements-dev.txt").write_text(f"{named}click\n", encoding="utf-8")
    (root / "pyproject.toml").write_text(
        "[dependency-groups]\n"
        'ours = ["databricks-utils[ml,testing]==1.0", "lakewright==1.0"]\n'
        "[tool.uv.sources]\n"
        'lakewright = { path = "wheels/lakewright-1.0-py3-none-any.whl" }\n',
        encoding="utf-8",
    )
    carry(root, wheels_of("1.0"), index=None)
    monkeypatch.chdir(root)
    return root
