"""`lakewright run --dry-run` from the command line: what it prints, and its exit code."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lakewright.commands.run import command

pytestmark = pytest.mark.unit

BUNDLE = """
bundle: {name: shop}
targets: {dev: {mode: development, default: true, workspace: {host: https://example.com}}}
resources:
  jobs:
    main:
      tasks:
        - {task_key: call-it, run_job_task: {job_id: "${resources.jobs.called.id}"}}
    called:
      tasks: [{task_key: load-all, notebook_task: {notebook_path: n.py}}]
    other:
      tasks:
        - {task_key: not-mine, notebook_task: {notebook_path: n.py}}
        - {task_key: nor-mine, notebook_task: {notebook_path: n.py}}
    off:
      tasks:
        - {task_key: first, disabled: true, notebook_task: {notebook_path: n.py}}
        - {task_key: second, depends_on: [{task_key: first}], notebook_task: {notebook_path: n.py}}
    broken:
      tasks:
        - {task_key: check, condition_task: {op: LESS_THAN, left: "{{job.naem}}", right: "1"}}
    parameter:
      parameters: [{name: day, default: "{{job.naem}}"}]
      tasks: [{task_key: t, notebook_task: {notebook_path: n.py}}]
"""


def dry_run(folder: Path, monkeypatch: pytest.MonkeyPatch, job: str, *without: str) -> Result:
    """Run the command in a project that lacks the jobs in `without`."""
    text = BUNDLE
    for name in without:
        start = text.index(f"    {name}:\n")
        following = [text.find(f"\n    {other}:\n", start) for other in ("off", "broken", "parameter")]
        end = min((place for place in following if place > start), default=len(text) - 1)
        text = text[:start] + text[end + 1 :]
    (folder / "databricks.yml").write_text(text, encoding="utf-8")
    (folder / "n.py").write_text("# Databricks notebook source\npass\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DATABRICKS_CURRENT_USER", "ana@example.org")
    return CliRunner().invoke(command, [job, "--dry-run"])


def test_a_cluster_with_settings_that_have_no_effect_here_is_noted_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    conf = "{spark.executor.memory: 4g, spark.sql.ansi.enabled: false}"
    clusters = f"job_clusters: [{{job_cluster_key: c, new_cluster: {{num_workers: 1, spark_conf: {conf}}}}}]"
    tasks = ", ".join(
        f"{{task_key: {key}, job_cluster_key: c, notebook_task: {{notebook_path: n.py}}}}" for key in "ab"
    )
    text = f"bundle: {{name: s}}\nresources: {{jobs: {{main: {{{clusters}, tasks: [{tasks}]}}}}}}\n"
    (tmp_path / "databricks.yml").write_text(text, encoding="utf-8")
    (tmp_path / "n.py").write_text("# Databricks notebook source\npass\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(command, ["main", "--dry-run"])
    assert result.exit_code == 0, result.output
    [note] = [line for line in result.stdout.splitlines() if line.startswith("note:")]
    assert note == "note: without effect here: spark.executor.memory  (the cluster at databricks.yml:2:76)"


def test_warnings_about_other_jobs_are_counted_and_not_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = dry_run(tmp_path, monkeypatch, "main", "broken", "parameter")
    assert result.exit_code == 0, result.output
    warnings = [line for line in result.stderr.splitlines() if "holds a dash" in line]
    assert len(warnings) == 2
    assert "call-it" in result.stderr
    assert "load-all" in result.stderr
    assert "mine" not in result.stderr
    assert "2 warning(s) about other jobs: lakewright validate" in result.stderr


def test_a_job_without_a_task_that_would_run_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = dry_run(tmp_path, monkeypatch, "off", "broken", "parameter")
    assert result.exit_code == 1
    assert "skipped: disabled in the bundle" in result.stdout
    assert "skipped: `first` is disabled" in result.stdout


def test_an_unknown_reference_is_broken_in_the_dry_run_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = dry_run(tmp_path, monkeypatch, "broken", "parameter")
    assert result.exit_code == 2
    assert "[CONFIG]" in result.stdout
    assert "`job` has no `naem`" in result.stdout
    assert "did you mean `name`?" in result.stdout


def test_a_reference_that_needs_backticks_is_broken_in_the_dry_run_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = "parameters: [{name: p-q, default: x}]"
    task = '{task_key: t, condition_task: {op: EQUAL_TO, left: "{{job.parameters.p-q}}", right: x}}'
    text = f"bundle: {{name: s}}\nresources: {{jobs: {{main: {{{parameters}, tasks: [{task}]}}}}}}\n"
    (tmp_path / "databricks.yml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(command, ["main", "--dry-run"])
    assert result.exit_code == 2
    assert "`p-q` needs backticks" in result.stdout


def test_an_unknown_reference_in_a_job_parameter_ends_the_dry_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = dry_run(tmp_path, monkeypatch, "parameter", "broken")
    assert result.exit_code != 0
    assert "`job` has no `naem`" in str(result.exception)
