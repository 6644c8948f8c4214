"""The `lakewright` command. `lakewright sql` is run by the project's warm process, if there is one."""

import sys
from pathlib import Path

# What `lakewright sql` imports: Spark's client first, which takes nearly all of the time.
_OF_SQL = (
    *("pyspark.sql.connect.session", "pyspark.sql.connect.client.retries", "grpc._channel", "grpc._auth"),
    *("lakewright.cli", "lakewright.commands.sql", "lakewright.commands.sql_output", "lakewright.env_file"),
    *("lakewright.project_session", "lakewright.engine.session", "databricks_utils.config", "dotenv.main"),
    *("lakewright.runner.inside.sql.statements", "lakewright.runner.inside.sql.execution"),
    *("rich.console", "rich.measure", "rich.table", "encodings.idna"),
)


def main() -> None:
    """Run a command."""
    if sys.argv[1:2] == ["sql"] and sys.platform == "linux":
        _run_warm()
    else:
        _run()


def _run() -> None:
    from lakewright.cli import main as run

    run()


def _run_warm() -> None:
    from lakewright.project import ProjectNotFoundError, find_project
    from lakewright.warm.handover import hand_over, keep_warm, may_hand_over

    try:
        project = find_project(Path.cwd()) if may_hand_over() else None
    except (ProjectNotFoundError, FileNotFoundError):
        project = None
    if project is None:
        _run()
        return
    none_there = hand_over(project, "lakewright.cli:main", modules=_OF_SQL)
    try:
        _run()
    finally:
        if none_there:
            keep_warm(project, _OF_SQL)


if __name__ == "__main__":
    main()
