"""`lakewright sql`: which statements run, and how their results are printed. Spark itself runs in `test_exploring`."""

import pytest
from click.testing import CliRunner

from lakewright.cli import cli
from lakewright.commands.sql import command, run_script
from lakewright.project_session import StatementError
from lakewright.runner.inside.sql.statements import split_statements

pytestmark = pytest.mark.unit


class Row(dict):
    def asDict(self, recursive):
        return dict(self)


class Frame:
    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows

    def limit(self, count):
        return Frame(self.columns, self.rows[:count])

    def collect(self):
        return self.rows


class Session:
    """Answers `rows N` with N rows, `nothing` without columns, and refuses `wrong`."""

    def __init__(self):
        self.seen = []

    def sql(self, statement):
        from pyspark.errors import AnalysisException

        self.seen.append(statement)
        if statement == "wrong":
            raise AnalysisException("[WRONG] this is wrong")
        if statement == "nothing":
            return Frame([], [])
        return Frame(["n"], [Row(n=number) for number in range(int(statement.split()[1]))])


@pytest.fixture
def run(capsys):
    def script(text, *, rows=50, output="table"):
        session = Session()
        run_script(session, split_statements(text), rows=rows, output=output)
        return session.seen, capsys.readouterr()

    return script


def test_all_statements_run_in_order_and_each_result_is_printed(run):
    seen, printed = run("nothing; rows 1;\n-- a comment\nrows 2")
    assert seen == ["nothing", "rows 1", "rows 2"]
    assert [line.strip() for line in printed.out.splitlines()] == [
        "done",
        "n",
        "━",
        "0",
        "",
        "n",
        "━",
        "0",
        "1",
    ]


def test_the_first_statement_that_fails_ends_the_command_and_is_named(capsys):
    session = Session()
    with pytest.raises(StatementError) as caught:
        run_script(session, split_statements("rows 1;\n\nwrong;\nrows 2"), rows=None, output="csv")
    assert session.seen == ["rows 1", "wrong"]
    assert caught.value.location == "statement 2 of 3, line 3"
    assert capsys.readouterr().out.splitlines() == ["n", "0"]


def test_a_single_statement_that_fails_has_no_number():
    with pytest.raises(StatementError) as caught:
        run_script(Session(), split_statements("wrong"), rows=1, output="csv")
    assert caught.value.location is None


@pytest.mark.parametrize(("output", "lines"), [("csv", 121), ("json", 120)])
def test_csv_and_json_hold_all_rows(run, output, lines):
    _, printed = run("nothing; rows 120", rows=None, output=output)
    assert len(printed.out.splitlines()) == lines
    assert printed.err == "done\n"


def test_rows_that_are_left_out_are_mentioned_beside_the_output(run):
    _, printed = run("rows 51")
    assert len(printed.out.splitlines()) == 52
    assert "only the first 50 rows are shown" in printed.err
    _, printed = run("rows 50")
    assert printed.err == ""


@pytest.mark.parametrize("output", ["csv", "json"])
def test_only_a_table_stops_at_50_rows_unless_a_number_is_given(monkeypatch, tmp_path, output):
    given = []
    (tmp_path / "databricks.yml").write_text("bundle: {name: x}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("lakewright.commands.sql.run_script", lambda *_, rows, output: given.append(rows))
    monkeypatch.setattr("lakewright.project_session.open_project_session", lambda *_, **__: None)
    for arguments in (["rows 1"], ["rows 1", "-o", output], ["rows 1", "-o", output, "-n", "3"]):
        assert CliRunner().invoke(command, arguments).exit_code == 0
    assert given == [50, None, 3]


@pytest.mark.parametrize("arguments", [[], ["SELECT 1", "-f", "x.sql"]])
def test_statements_come_from_one_place(tmp_path, monkeypatch, arguments):
    (tmp_path / "x.sql").write_text("SELECT 1")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["sql", *arguments])
    assert result.exit_code == 2
    assert "lakewright sql -f FILE" in result.output


def test_a_file_without_a_statement_is_named(tmp_path, monkeypatch):
    (tmp_path / "databricks.yml").write_text("bundle: {name: x}\n")
    (tmp_path / "x.sql").write_text("-- nothing yet\n;\n")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["sql", "-f", "x.sql"])
    assert "there is no statement to run" in str(result.exception)
    assert result.exception.location == "x.sql"
