"""A download that is run, installed or put on PATH before anything compared a sum or a signature is named, whichever way it is written."""

from pathlib import Path

import pytest
import yaml

from lakewright.pipelines.check import check_texts
from lakewright.pipelines.unseen.downloads import Downloads

pytestmark = pytest.mark.unit


SCRIPTS = yaml.safe_load((Path(__file__).parent / "unseen_code.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", SCRIPTS["wrong"], ids=lambda case: case["script"])
def test_a_script_that_runs_installs_or_puts_on_path_what_it_downloads_is_unseen_code(case):
    expected = "runs what it downloads" if case["found"] == "at once" else case["found"]
    found = Downloads().step(case["script"])
    assert found[0] == f"{expected}, and nothing compared the download with a sum or a signature"


@pytest.mark.parametrize("case", SCRIPTS["right"], ids=lambda case: case["script"])
def test_a_download_that_is_checked_first_or_is_no_program_is_not_unseen_code(case):
    assert Downloads().step(case["script"]) == []


def test_every_step_of_a_job_knows_what_the_ones_before_it_have_downloaded():
    job = Downloads()
    assert job.step("curl -fsSLo x.zip $URL") == []
    assert job.step("unzip x.zip -d tools") == []
    assert len(job.step("./tools/scan")) == 1
    assert job.step('echo "$SHA  x.zip" | sha256sum -c -') == []
    assert job.step("./tools/scan") == []


STEPS = ["curl -fsSLo x.zip https://example.com/x.zip", "unzip x.zip -d tools", "./tools/scan"]
CHECK = "echo 0123 x.zip | sha256sum -c -"


def github(steps):
    lines = [f"      - run: {step}" for step in steps]
    return "\n".join(
        ["on: push", "permissions: {}", "jobs:", "  a:", "    timeout-minutes: 5", "    steps:", *lines]
    )


def azure(steps):
    return "\n".join(
        [
            "trigger: none",
            "pr: none",
            "jobs:",
            "  - job: a",
            "    steps:",
            *(f"      - bash: {step}" for step in steps),
        ]
    )


def gitlab(steps):
    return "\n".join(["a:", "  image: python:3.12", "  script:", *(f"    - {step}" for step in steps)])


SYSTEMS = {
    ".github/workflows/x.yml": (github, 9),
    ".github/actions/x/action.yml": (
        lambda steps: github(steps).replace("jobs:\n  a:", "runs:\n  using:"),
        9,
    ),
    "azure-pipelines/x.yml": (azure, 8),
    ".gitlab-ci.yml": (gitlab, 3),
}


@pytest.mark.parametrize("file", SYSTEMS)
def test_a_job_that_unpacks_a_download_and_runs_it_is_named_with_the_fix(file):
    written, line = SYSTEMS[file]
    (found,) = check_texts({file: written(STEPS)})
    assert (found.rule, found.line) == ("unseen-code", line)
    assert "runs `./tools/scan`" in found.summary
    assert "sha256sum -c" in found.fix


@pytest.mark.parametrize("file", SYSTEMS)
def test_a_job_that_compares_a_sum_before_it_unpacks_is_safe(file):
    written, _ = SYSTEMS[file]
    assert check_texts({file: written([STEPS[0], CHECK, *STEPS[1:]])}) == []


@pytest.mark.parametrize("file", [file for file in SYSTEMS if "action" not in file])
def test_a_job_knows_nothing_of_what_another_job_downloads(file):
    written, _ = SYSTEMS[file]
    first, second = written(STEPS[:2]), written(STEPS[2:])
    start = "  - job: a" if file.startswith("azure") else "  a:" if file.startswith(".github") else "a:"
    other = second[second.index(start) :].replace("a:", "b:", 1).replace("job: a", "job: b")
    assert check_texts({file: f"{first}\n{other}"}) == []
