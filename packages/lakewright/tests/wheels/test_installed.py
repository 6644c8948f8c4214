"""The wheel of an installed package: the same files as were installed, in the same bytes each time."""

import importlib
import io
import sys
import zipfile

import pytest

from lakewright.wheels.errors import WheelError, WheelNotFoundError
from lakewright.wheels.installed import installed_wheel

pytestmark = pytest.mark.unit


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder of installed packages."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    importlib.invalidate_caches()
    return folder


def install(wheel, site):
    """Install a wheel as an installer does: with its own notes, and with bytecode."""
    with zipfile.ZipFile(io.BytesIO(wheel.content)) as archive:
        archive.extractall(site)
    (info,) = site.glob("*.dist-info")
    (info / "INSTALLER").write_text("pip", encoding="utf-8")
    cache = site / wheel.name.replace("-", "_") / "__pycache__"
    cache.mkdir()
    (cache / "__init__.cpython-312.pyc").write_bytes(b"\0")
    with (info / "RECORD").open("a", encoding="utf-8") as record:
        record.write(
            f"{info.name}/INSTALLER,,\n../../bin/{wheel.name},,\n{cache.parent.name}/__pycache__/__init__.cpython-312.pyc,,\n"
        )


def names(wheel):
    with zipfile.ZipFile(io.BytesIO(wheel.content)) as archive:
        return set(archive.namelist())


def test_the_wheel_of_an_installed_package_has_the_files_of_the_one_that_was_installed(site, wheels_of):
    original = wheels_of("7.0")[0]
    install(original, site)
    packed = installed_wheel("databricks-utils")
    assert (packed.name, packed.version) == ("databricks-utils", "7.0")
    assert names(packed) == names(original)
    assert installed_wheel("databricks-utils").sha256 == packed.sha256


def test_a_file_that_was_changed_after_the_installation_is_refused(site, wheels_of):
    install(wheels_of("7.0")[0], site)
    (site / "databricks_utils" / "__init__.py").write_text("VALUE = 3", encoding="utf-8")
    with pytest.raises(WheelError, match="was changed after its installation"):
        installed_wheel("databricks-utils")


def test_a_package_that_is_not_installed_is_refused():
    with pytest.raises(WheelNotFoundError, match="is not installed here") as refused:
        installed_wheel("surely-not-there")
    assert "lakewright wheels update --from FOLDER" in refused.value.fix


def test_an_editable_installation_is_built_from_its_sources():
    """This workspace's own installation is one."""
    built = installed_wheel("databricks-utils")
    assert "databricks_utils/errors.py" in names(built)
    assert built.sha256 == installed_wheel("databricks-utils").sha256
