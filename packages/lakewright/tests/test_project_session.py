"""What `lakewright sql` and the shell do to their process before they attach."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("call", ["use_utc()", "open_project_session(Path.cwd())"])
def test_times_of_a_person_are_those_of_a_clusters_driver(call: str, tmp_path) -> None:
    code = f"""
from datetime import datetime
from pathlib import Path
from lakewright import project_session
from lakewright.project_session import *

class Engine:
    def connect(self, principal):
        return None

project_session.ensure_engine = lambda *_, **__: Engine()
{call}
print(datetime.fromtimestamp(0))
"""
    environment = {**os.environ, "TZ": "America/New_York"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "1970-01-01 00:00:00"
