"""The pages that need an engine tell the truth: their changes fit the project, and their commands print what the pages show.

Each change of the code is tried with the commands that are not `slow`; `LAKEWRIGHT_SLOW_PAGES=1`, as `make soak` sets it, runs all.
"""

import os

import pytest
from page_walk import PAGES, copy_project, follow, run

from lakewright.engine import stop_engine

pytestmark = [pytest.mark.integration, pytest.mark.slow]

SLOW = bool(os.environ.get("LAKEWRIGHT_SLOW_PAGES"))


@pytest.fixture
def project(tmp_path):
    made = copy_project(tmp_path / "flights")
    yield made
    stop_engine(made)


@pytest.mark.timeout(3600 if SLOW else 600)
@pytest.mark.parametrize("name", ["how-to/volumes-and-dbutils.md", "tutorials/first-change.md"])
def test_the_page_tells_the_truth(project, name):
    follow(PAGES / name, project, slow=SLOW)


@pytest.mark.timeout(3600 if SLOW else 600)
def test_the_pages_about_models_tell_the_truth_one_after_another(project):
    if SLOW:
        done = run(project, "lakewright run main_pipeline")
        assert done.returncode == 0, done.stdout
    for name in ("roll-back", "score-again", "retire-a-feature"):
        follow(PAGES / "how-to" / f"{name}.md", project, slow=SLOW)
