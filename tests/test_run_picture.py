"""The picture of the first page is drawn from the output of a real run, and fits the flights project."""

import re
import tomllib
from xml.etree import ElementTree

import pytest
import run_picture
import yaml
from page_walk import FLIGHTS

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def text():
    return run_picture.OUTPUT.read_text(encoding="utf-8")


def test_the_output_is_read(text):
    run = run_picture.read_output(text)
    assert (run.job, run.status) == ("main_pipeline", "success")
    assert run.rows["landed"] == run.rows["bronze"] > run.rows["silver"]
    assert run.rows["bronze"] == sum(run.rows[layer] for layer in run_picture.LAYERS[2:])
    assert all(task.ok for task in run.tasks)


def test_the_tasks_of_the_picture_are_those_of_the_project(text):
    """A task that is added to the project needs a new run and a new picture."""
    jobs = {}
    for file in (FLIGHTS / "resources").glob("*.job.yml"):
        jobs |= yaml.safe_load(file.read_text(encoding="utf-8"))["resources"]["jobs"]
    project = tomllib.loads((FLIGHTS / "pyproject.toml").read_text(encoding="utf-8"))
    left_out = project["tool"]["lakewright"]["workspace_tasks"]

    def leaves(job):
        for task in jobs[job]["tasks"]:
            if task.get("python_wheel_task", {}).get("entry_point") in left_out:
                continue
            called = task.get("run_job_task")
            yield from leaves(called["job_id"].split(".")[2]) if called else [task["task_key"]]

    assert [task.name for task in run_picture.read_output(text).tasks] == list(leaves("main_pipeline"))


def test_a_failed_task_and_a_refused_model_are_drawn_as_such(text):
    failed = text.replace("monitoring              ok ", "monitoring              FAILED ")
    failed = failed.replace("gate              passed", "gate              refused").replace(
        ", champion)", ")"
    )
    assert failed != text
    picture = run_picture.draw(run_picture.read_output(failed))
    assert 'class="bad"' in picture
    assert "gate refused against version" in picture
    assert "→ champion" not in picture


def test_text_that_is_no_report_is_refused():
    with pytest.raises(ValueError, match="not the report of a run"):
        run_picture.read_output("main_pipeline: success, 1.0 s\n")


def test_no_text_leaves_the_picture():
    root = ElementTree.parse(run_picture.PICTURE).getroot()
    width, height = map(int, root.get("viewBox").split()[2:])
    sign = 7.85  # the width of a sign at 13 px
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        assert len(text.text) * sign <= width - 2 * run_picture.MARGIN, text.text
        assert 0 < int(text.get("y")) < height


def test_it_is_readable_on_a_light_and_on_a_dark_page():
    picture = run_picture.PICTURE.read_text(encoding="utf-8")
    assert "prefers-color-scheme: dark" in picture
    light, dark = (set(re.findall(r"\.(\w+) \{", part)) for part in picture.split("@media"))
    assert dark == light - {"bold"}


def test_the_committed_picture_is_todays_and_a_stale_one_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["run_picture.py", "--check"])
    run_picture.main()
    stale = tmp_path / "run.svg"
    stale.write_text(
        run_picture.PICTURE.read_text(encoding="utf-8").replace("success", "failed"), encoding="utf-8"
    )
    monkeypatch.setattr(run_picture, "PICTURE", stale)
    with pytest.raises(SystemExit, match=r"run\.svg is stale: run `make picture`"):
        run_picture.main()
