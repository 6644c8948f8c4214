"""`%load_ext lakewright.exploring` in a real IPython: in a process of its own, for it changes the process."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from lakewright.engine import stop_engine

_DRIVER = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
def cell(source):
    return shell.run_cell(source, store_history=True)
"""


def _explore(folder: Path, script: str) -> str:
    """Run cells from a folder; gives what was printed."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("SPARK_", "DBX_"))}
    done = subprocess.run(
        [sys.executable, "-c", _DRIVER + textwrap.dedent(script)],
        cwd=folder,
        env={
            **environment,
            "TZ": "America/New_York",
            "IPYTHONDIR": str(folder / ".ipython"),
            "OMP_NUM_THREADS": "1",
        },
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture
def project(tmp_path):
    (tmp_path / "databricks.yml").write_text("bundle: {name: small}\n", encoding="utf-8")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "found_here.py").write_text("answer = 42\n", encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    yield tmp_path
    stop_engine(tmp_path)


@pytest.mark.unit
def test_outside_a_project_the_extension_prints_four_lines_without_a_stack_trace(tmp_path):
    printed = _explore(tmp_path, "cell('%load_ext lakewright.exploring')")
    assert printed.startswith("error: this folder is not in a project")
    assert "fix: change to a project's folder" in printed
    assert "Traceback" not in printed
    assert len(printed.strip().splitlines()) == 4


@pytest.mark.integration
def test_a_notebook_in_a_subfolder_uses_the_project_and_works_after_its_engine_stops(project):
    printed = _explore(
        project / "notebooks",
        """
        from pathlib import Path
        shell.kernel = object()  # as in a notebook
        cell("%load_ext lakewright.exploring")
        cell("print('<drawn>'); display(spark.range(1001)); spark.range(2).display()")
        cell("from databricks.sdk.runtime import display as imported; imported(spark.range(3))")
        cell("displayHTML('<b>x</b>'); print('</drawn>')")
        cell("import found_here; print('found', found_here.answer)")
        cell("dbutils.widgets.text('n', '5')")
        cell("%%sql\\nSELECT 1 AS a;\\nSELECT int(:n) + 1 AS b; -- the last one's rows are shown")
        cell("print('of the last', _sqldf.first().b)")
        cell("many = %sql SELECT * FROM range(2000)\\nprint('rows', len(many))")
        cell("import time; print('zone', time.tzname[0])")
        cell("import mlflow; mlflow.set_registry_uri('databricks-uc'); print('registry', mlflow.get_registry_uri())")
        cell("x = 1; spark.range(7).createOrReplaceTempView('mine'); dbutils.library.restartPython(); print('never')")
        cell("print('restarted', 'x' in globals(), dbutils.widgets.get('n'), spark.table('mine').count())")
        cell("%sql CREATE VOLUME v")
        cell("spark.range(3).coalesce(1).write.json('/Volumes/workspace/default/v/seen')")
        cell("import os; print('parts', len([n for n in os.listdir('/Volumes/workspace/default/v/seen') if n[0] == 'p']))")
        cell("open('/Volumes/workspace/default/v/a.txt', 'w').write('abc')")
        cell("print('read', dbutils.fs.head('/Volumes/workspace/default/v/a.txt'))")
        cell("print('<refused>')"), cell("%sql SELECT nope FROM range(1)"), cell("print('</refused>')")

        from lakewright.engine import engine_status, stop_engine
        stop_engine(Path.cwd().parent)
        cell("print('no Spark in this cell')")
        print("still ended", engine_status(Path.cwd().parent) is None)
        cell("print('again', spark.range(3).count())")
        cell("from pyspark.sql import SparkSession")
        cell("print('the same', SparkSession.builder.getOrCreate().range(4).count())")
        """,
    )
    drawn = printed.partition("<drawn>\n")[2].partition("</drawn>")[0]
    assert drawn.count("note: these are the first 1,000 rows; there are more") == 1
    assert "[1000 rows x 1 columns]" in drawn
    assert drawn.count("   id\n0   0\n1   1\n") == 2  # as pandas shows it, not as a log
    assert "IPython.core.display.HTML object" in drawn
    assert "found 42" in printed
    assert "of the last 6" in printed
    assert "parts 1" in printed
    assert "read abc" in printed
    assert "note: these are the first 1,000 rows; there are more\nrows 1000" in printed
    assert "zone UTC" in printed
    assert f"registry lakewright-unity:///{project}/.lakewright/mlflow.db" in printed
    assert "note: MLflow's `databricks-uc` means this project's own stores" in printed
    assert "never" not in printed
    assert "PythonRestart" not in printed
    assert "restarted False 5 7" in printed
    refused = printed.partition("<refused>\n")[2].partition("</refused>")[0]
    assert refused.startswith("error: [UNRESOLVED_COLUMN")
    assert "File" not in refused
    assert printed.count("note: the engine has stopped since the last cell") == 1
    assert "still ended True" in printed
    assert "again 3" in printed
    assert "the same 4" in printed
    assert (project / "script.sql").write_text(_SCRIPT)
    rows = _sql(project, "-f", "script.sql", "-o", "csv")
    assert rows.stdout.splitlines() == ["id", *map(str, range(120)), "", "total", "120"]
    refused = _sql(project, "SELECT 1;\nSELECT * FROM t")
    assert refused.returncode == 2
    assert "at: statement 2 of 2, line 2" in refused.stderr
    where = _sql(project, refused.stderr.partition('lakewright sql "')[2].partition('"')[0], "-o", "json")
    assert where.stdout == '{"table_schema": "of_a_script"}\n'


_SCRIPT = """
CREATE SCHEMA of_a_script; USE SCHEMA of_a_script;  -- a `;` in a comment
CREATE TABLE t AS SELECT id FROM range(120);
SELECT * FROM t ORDER BY id;
SELECT count(*) AS total FROM t
"""


def _sql(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lakewright", "sql", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=180, check=False)
