"""`lakewright clean`: remove the files of local runs, all of them or one kind."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from lakewright.project import find_project

_PIECES = {
    "runs": ("runs", "lineage"),
    "tables": ("lakehouse", "spark-warehouse"),
    "mlflow": ("mlflow.db", "artifacts"),
}


@click.command(name="clean")
@click.option(
    "--runs", "pieces", flag_value="runs", multiple=True, help="Only run records, logs and lineage."
)
@click.option(
    "--tables", "pieces", flag_value="tables", multiple=True, help="Only tables, catalogs, volumes and DBFS."
)
@click.option("--mlflow", "pieces", flag_value="mlflow", multiple=True, help="Only MLflow runs and models.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def command(pieces: tuple[str, ...], yes: bool) -> None:  # noqa: FBT001 - Click passes flags by name
    """Remove the files of local runs; without an option, all of them. Your sources stay."""
    from lakewright.engine import stop_engine
    from lakewright.runner.record.run_folder import RunFolders

    root = find_project(Path.cwd()) / ".lakewright"
    names = [name for piece in pieces for name in _PIECES[piece]]
    found = [path for path in (root / name for name in names) if path.exists()] if pieces else [root]
    if not root.exists() or not found:
        click.echo("nothing to remove")
        return
    click.echo("this removes permanently:")
    for path in found:
        click.echo(f"  {path}  ({_size(path) / 1e6:,.1f} MB)")
    if not yes:
        click.confirm("continue?", abort=True)
    with _nothing_else(root):
        RunFolders(root).mark_killed()
        stop_engine(root.parent)
        for path in found:
            _remove(path)
    click.echo("removed")


@contextmanager
def _nothing_else(root: Path) -> Iterator[None]:
    """Prevent runs and engines from starting while their files are removed.

    Raises:
        RunInProgressError: A run uses the files.
        EngineBusyError: An engine is starting.
    """
    from lakewright.engine import locks
    from lakewright.engine.errors import EngineBusyError
    from lakewright.engine.layout import EngineFolder
    from lakewright.runner.record.run_lock import RunLock

    start_lock = EngineFolder(root.parent).start_lock
    with RunLock(root).held(), locks.exclusive(start_lock, timeout=0) as no_start:
        if not no_start:
            raise EngineBusyError(
                "an engine is starting; nothing was removed",
                location=str(start_lock),
                fix="wait until it runs, then clean again",
            )
        yield


def _remove(path: Path) -> None:
    if not path.is_dir():
        path.unlink()
        return
    try:
        shutil.rmtree(path)
    except FileNotFoundError:  # a process that ends with the engine removed its socket at the same moment
        if path.exists():
            shutil.rmtree(path)


def _size(path: Path) -> int:
    files = [path] if path.is_file() else [entry for entry in path.rglob("*") if entry.is_file()]
    return sum(entry.lstat().st_size for entry in files)
