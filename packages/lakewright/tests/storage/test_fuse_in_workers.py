"""The mounts in a Python process that Spark's JVM starts; `tests/runner/test_engine_tasks.py` has them in real UDFs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lakewright.engine.jvm.environment import jvm_environment
from lakewright.storage import Storage

pytestmark = pytest.mark.unit


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """A project with the volume `c.s.v`, which holds one file."""
    schema = tmp_path / ".lakewright/lakehouse/_catalog/c/s"
    schema.mkdir(parents=True)
    (schema / "v.volume.json").write_text(json.dumps({"kind": "volume", "location": "volumes/c/s/v"}))
    volume = tmp_path / ".lakewright/lakehouse/volumes/c/s/v"
    volume.mkdir(parents=True)
    (volume / "a.txt").write_text("abc")
    return Storage(tmp_path)


def run(storage: Storage, code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python code with the environment of the project's JVM."""
    environment = jvm_environment({**os.environ, **variables}, storage)
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )


def test_code_opens_the_file_of_a_volume_and_libraries_loaded_later_too(storage: Storage) -> None:
    ended = run(storage, "import tarfile; print(tarfile.bltn_open('/Volumes/c/s/v/a.txt').read())")
    assert (ended.stdout, ended.stderr) == ("abc\n", "")


def test_a_volume_that_does_not_exist_is_refused(storage: Storage) -> None:
    ended = run(storage, "open('/Volumes/c/s/other/a.txt', 'w')")
    assert "FileNotFoundError" in ended.stderr
    assert "CREATE VOLUME `c`.`s`.`other`" in ended.stderr


def test_a_folder_that_the_project_allows_is_the_machines(storage: Storage, tmp_path: Path) -> None:
    wider = Storage(storage.project / "inner", (storage.project,))
    ended = run(
        wider, f"print(open('/dbfs{storage.project}/.lakewright/lakehouse/volumes/c/s/v/a.txt').read())"
    )
    assert (ended.stdout, ended.stderr) == ("abc\n", "")


def test_the_environments_own_sitecustomize_runs_as_before(storage: Storage, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "sitecustomize.py").write_text("print('own', __file__)")
    ended = run(storage, "import sitecustomize; print(sitecustomize.__file__)", PYTHONPATH=str(own))
    assert ended.stdout == f"own {own}/sitecustomize.py\n{own}/sitecustomize.py\n"
    assert ended.stderr == ""
