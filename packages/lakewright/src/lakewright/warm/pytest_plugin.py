"""Runs of tests with `--keep-engine` take place in a process that has imported pytest and Spark's client already.

The first run leaves such a process beside the engine; the next one hands over to it before it reads any `conftest.py`. The
entry point `pytest11` loads this module in every pytest run, so it imports nothing until the option is given.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

_none_there = pytest.StashKey[bool]()
_OPTION = "keep_engine"  # of `databricks_utils.pytest_plugin`
# No package of a project, and none whose asserts pytest rewrites while it imports it.
_MODULES = (
    *("pyspark.sql.connect.session", "pyspark.sql.connect.functions", "pyspark.sql.functions"),
    *("pyspark.sql.connect.client.retries", "grpc._channel", "grpc._auth", "encodings.idna"),
    *("pytest", "pydantic", "yaml"),
)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Hand over, if there is a warm process; pytest-cov would start to measure this process right after."""
    folder = _kept_folder(early_config)
    if folder is not None:
        from lakewright.warm.handover import hand_over, may_hand_over

        if may_hand_over():
            early_config.stash[_none_there] = hand_over(
                folder, "pytest:console_main", modules=_MODULES, fresh=True
            )
    return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave a warm process for the next run of tests."""
    folder = _kept_folder(config)
    if folder is not None and config.stash.get(_none_there, False):
        from lakewright.warm.handover import keep_warm

        keep_warm(folder, _MODULES)


def _kept_folder(config: pytest.Config) -> Path | None:
    """Return the folder of `--keep-engine` if pytest is this process's program; another program may call it too."""
    folder = getattr(config.known_args_namespace, _OPTION, None)
    given = config.invocation_params
    as_program = (
        not given.plugins and list(given.args) == sys.argv[1:] and "PYTEST_XDIST_WORKER" not in os.environ
    )
    return Path(folder).absolute() if folder and as_program and sys.platform == "linux" else None
