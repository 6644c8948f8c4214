"""Comments that silence findings in place."""

import pytest

from lakewright.bundle import all_findings

pytestmark = pytest.mark.unit

HEAD = "bundle: {name: s}\nresources:\n  jobs:\n    j:\n      tasks:\n"
TASK = "        - {task_key: load-all, condition_task: {op: LESS_THAN, left: 1, right: 2}}"


def codes(project, text):
    project.write(databricks=text)
    return [finding.code for finding in all_findings(project.load())]


def test_without_a_comment_the_finding_is_there(project):
    assert codes(project, f"{HEAD}{TASK}\n") == ["LW602"]


@pytest.mark.parametrize(
    "comment",
    [
        "# lakewright: ignore LW602 (the dashboard needs this key)",
        "# lakewright: ignore LW602",
        "#lakewright:ignore lw602",
        "# lakewright: ignore dash-in-task-key (kept)",
    ],
)
def test_a_comment_at_the_end_of_the_line_silences(project, comment):
    assert codes(project, f"{HEAD}{TASK}  {comment}\n") == []


def test_a_comment_above_silences_also_with_further_comments_between(project):
    above = "        # lakewright: ignore LW602 (kept)\n        # The dashboard reads this task.\n"
    assert codes(project, f"{HEAD}{above}{TASK}\n") == []


def test_a_comment_at_the_end_of_a_line_does_not_reach_the_next_one(project):
    assert codes(project, f"{HEAD.rstrip()}  # lakewright: ignore LW602\n{TASK}\n") == ["LW602", "LW002"]


def test_one_comment_may_name_several_findings(project):
    task = "        - {task_key: load-all, oops: 1, condition_task: {op: LESS_THAN, left: 1, right: 2}}"
    assert codes(project, f"{HEAD}{task}\n") == ["LW301", "LW602"]
    assert codes(project, f"{HEAD}{task}  # lakewright: ignore LW602, LW301 (kept)\n") == []


def test_a_comment_in_an_included_file_silences(project):
    project.write(jobs=HEAD.removeprefix("bundle: {name: s}\n") + TASK + "  # lakewright: ignore LW602\n")
    assert codes(project, "bundle: {name: s}\ninclude: [jobs.yml]\n") == []


@pytest.mark.parametrize("name", ["LW999", "dash-in-tsk-key", ""])
def test_a_comment_that_names_no_finding_is_a_finding(project, name):
    assert codes(project, f"{HEAD}{TASK}  # lakewright: ignore {name}\n") == ["LW602", "LW001"]


def test_a_comment_that_silences_nothing_is_a_finding(project):
    assert codes(project, "bundle: {name: s}  # lakewright: ignore LW602 (old)\n") == ["LW002"]


def test_an_error_of_the_cli_cannot_be_silenced(project, of):
    text = "bundle: {name: s}\nresources: {jobs: {j: {name: '${var.x}'}}}  # lakewright: ignore LW221\n"
    project.write(databricks=text)
    found = all_findings(project.load())
    assert [finding.code for finding in found] == ["LW221", "LW003"]
    assert of(found, "cannot be silenced", "warning")


def test_an_error_that_the_cli_lets_pass_can_be_silenced(project):
    task = "        - {task_key: a, condition_task: {op: LESS_THAN, left: '{{input.x}}', right: 2}}"
    assert codes(project, f"{HEAD}{task}\n") == ["LW610"]
    assert codes(project, f"{HEAD}{task}  # lakewright: ignore LW610 (a test of the API)\n") == []


TARGETS = "targets:\n  dev: {default: true}\n  prod:\n    mode: production\n"


def test_a_comment_about_another_target_is_not_reported(project):
    text = "bundle: {name: s}\nresources: {jobs: {j: {}}}\n" + TARGETS
    project.write(
        databricks=text.replace("production", "production  # lakewright: ignore LW512 (one user deploys)")
    )
    assert [finding.code for finding in all_findings(project.load())] == []
    project.write(databricks=text.replace("production", "production  # lakewright: ignore LW513 (wrong)"))
    assert [finding.code for finding in all_findings(project.load())] == ["LW002"]


def test_a_comment_in_the_configuration_silences(project, monkeypatch):
    monkeypatch.delenv("ONLY_THERE", raising=False)
    project.write(databricks="bundle: {name: s}\ntargets: {prod: {}}\n")
    project.file("requirements.txt", "./wheels/databricks_utils-0.1.0-py3-none-any.whl\n")
    line = "catalog: {name: '${ONLY_THERE}', schema: shop}"
    project.file("config/prod.yaml", f"project: s\n{line}\n")
    assert [found.code for found in all_findings(project.load(), configuration=True)] == ["LW802"]
    project.file("config/prod.yaml", f"project: s\n{line}  # lakewright: ignore LW802 (set where it runs)\n")
    assert all_findings(project.load(), configuration=True) == ()


def test_what_looks_like_a_comment_inside_of_a_text_is_none(project):
    quoted = "bundle: {name: s}\nresources: {jobs: {j: {description: 'x # lakewright: ignore LW602'}}}\n"
    block = "bundle: {name: s}\nresources:\n  jobs:\n    j:\n      description: |\n        # lakewright: ignore LW602\n"
    assert codes(project, quoted) == []
    assert codes(project, block) == []


def test_a_comment_in_a_file_that_is_included_twice_counts_once(project):
    project.write(jobs="resources: {jobs: {j: {}}}  # lakewright: ignore LW602\n")
    assert codes(project, "bundle: {name: s}\ninclude: [jobs.yml, '*.yml']\n") == ["LW002"]
