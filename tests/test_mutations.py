"""The list of mutations fits the example project, and the script that tries them says which the tests notice."""

import json

import mutations
import pytest
from mutation_list import Mutation, fingerprint, read_mutations
from mutation_page import page
from mutation_trial import Trial
from mutations import UNCHANGED, CaseFailedError, run_mutations, verdict, write_record

pytestmark = pytest.mark.unit
LIST = read_mutations(mutations.MUTATIONS)
STAGES = {
    "ingestion", "bronze", "silver", "rules", "contract", "joins", "features", "labels", "gold", "periods", "training",
    "evaluation", "gate", "scoring", "monitoring", "notebooks", "jobs", "config",
}  # fmt: skip
HALF = Mutation("half", "code", "half.py", "value / 2", "value * 2", "wrong results")


# ---- the list ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mutation", LIST, ids=lambda each: each.name)
def test_a_mutation_fits_the_project_and_leaves_a_valid_file(mutation):
    content = (mutations.PROJECT / mutation.file).read_text(encoding="utf-8")
    assert mutation.applied_to(content) != content


def test_there_are_more_than_forty_mutations_over_all_stages_each_with_its_harm():
    assert len({each.name for each in LIST}) == len(LIST) > 40
    assert {each.stage for each in LIST} == STAGES
    assert all(each.harm for each in LIST)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("value * 2", "has the text 0 times instead of once"),
        ("value / 2 + value / 2", "has the text 2 times instead of once"),
        ("half = (value / 2", r"half\.py is not valid any more"),
    ],
)
def test_a_mutation_that_does_not_fit_or_breaks_the_syntax_is_refused(content, message):
    with pytest.raises(ValueError, match=message):
        HALF.applied_to(content)


def test_a_mutation_of_yaml_stays_yaml():
    broken = Mutation("key", "config", "a.yaml", "a: 1", "a: [1", "none")
    with pytest.raises(ValueError, match=r"a\.yaml is not valid any more"):
        broken.applied_to("a: 1\n")


# ---- a trial ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path):
    """A project with one function, and one test that notices a change of it."""
    folder = tmp_path / "project"
    (folder / "tests").mkdir(parents=True)
    (folder / "half.py").write_text("def half(value):\n    return value / 2  # a half\n")
    (folder / "tests" / "test_half.py").write_text(
        "import pytest\n"
        "from half import half\n"
        "pytestmark = pytest.mark.unit\n"
        "def test_the_half_of_four_is_two():\n    assert half(4) == 2\n"
        "def test_nothing():\n    pass\n"
    )
    (folder / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\npythonpath = ["."]\nmarkers = ["unit: quick", "integration: not quick"]\n'
    )
    return folder


@pytest.fixture
def trial(project, tmp_path):
    (tmp_path / "trial").mkdir()
    return Trial(tmp_path / "trial", project, imported=())


@pytest.mark.drawn(2)
def test_a_break_is_killed_by_the_first_test_that_notices_and_the_file_is_restored(trial, project):
    assert trial.run(None)["result"] == "survived"
    entry = trial.run(HALF)
    assert (entry["result"], entry["by"]) == ("killed", "test_the_half_of_four_is_two")
    assert (trial.copy / "half.py").read_text() == (project / "half.py").read_text()
    assert trial.run(None)["result"] == "survived"


@pytest.mark.drawn(2)
def test_only_the_quick_tests_count(trial):
    path = trial.copy / "tests" / "test_steps.py"
    text = "import pytest\npytestmark = pytest.mark.{}\ndef test_a_step():\n    assert False\n"
    path.write_text(text.format("integration"))
    assert trial.run(None)["result"] == "survived"
    path.write_text(text.format("unit"))
    assert trial.run(None)["by"] == "test_a_step"


@pytest.mark.drawn(2)
def test_a_break_that_no_test_notices_survives(trial):
    comment = Mutation("comment", "code", "half.py", "# a half", "# two halves", "nothing")
    assert trial.run(comment)["result"] == "survived"


@pytest.mark.drawn(2)
def test_a_break_that_keeps_the_tests_from_running_is_killed(trial):
    renamed = Mutation("renamed", "code", "half.py", "def half", "def third", "no half")
    assert trial.run(renamed)["by"]


def test_a_pytest_that_cannot_start_kills_nothing(trial):
    (trial.copy / "tests" / "conftest.py").write_text("import no_such_module\n")
    with pytest.raises(CaseFailedError, match=r"exit code 4[\s\S]*no_such_module"):
        trial.run(HALF)


# ---- the record -------------------------------------------------------------------------------------------------------------


def results(**by_name):
    return {name: {"result": result, "by": "test_x", "seconds": 1} for name, result in by_name.items()}


def many(count, **changes):
    return [Mutation(f"m{number}", "code", "half.py", "a", "b", "harm", **changes) for number in range(count)]


def test_the_verdict_counts_what_was_killed_and_names_what_survived():
    listed = [*many(9), Mutation("odd", "code", "half.py", "a", "b", "harm", survives="nobody sees it")]
    record = results(**{each.name: "killed" for each in listed[:-1]}, odd="survived")
    assert verdict(listed, record) == "9 of 10 killed; survived, each with its reason: odd"


@pytest.mark.parametrize(
    ("listed", "record", "message"),
    [
        (many(1), {}, "1 mutations have no result: m0"),
        (many(2), results(m0="killed", m1="survived"), "survived without a reason: m1"),
        (many(1, survives="why"), results(m0="killed"), "killed, so remove its reason to survive: m0"),
        (many(1, survives="why"), results(m0="survived"), "only 0 of 1 mutations were killed"),
    ],
)
def test_a_gap_is_refused(listed, record, message):
    with pytest.raises(CaseFailedError, match=message):
        verdict(listed, record)


@pytest.fixture
def own(project, tmp_path, monkeypatch):
    """The script with a project, a list and a record of this test."""
    monkeypatch.setattr(mutations, "PROJECT", project)
    monkeypatch.setattr(mutations, "RECORD", tmp_path / "last.json")
    monkeypatch.setattr(mutations, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(mutations, "MUTATIONS", tmp_path / "list.yaml")
    monkeypatch.setattr(mutations, "Trial", lambda folder, where: Trial(folder, where, imported=()))
    monkeypatch.setattr(mutations, "fingerprint", lambda _, mutation: mutation.text if mutation else "")
    fields = ("name", "stage", "file", "text", "replacement", "harm")
    (tmp_path / "list.yaml").write_text(json.dumps([{field: getattr(HALF, field) for field in fields}]))
    return tmp_path


def folder_in(path, name):
    (path / name).mkdir()
    return path / name


@pytest.mark.drawn(2)
def test_a_run_goes_on_where_the_last_one_stopped(own, capsys):
    run_mutations(folder_in(own, "one"), minutes=0)
    assert mutations.read_record() == {}
    run_mutations(folder_in(own, "two"))
    assert list(mutations.read_record()) == [UNCHANGED, "half"]
    assert "| `test_the_half_of_four_is_two` |" in (own / "page.md").read_text()
    capsys.readouterr()
    run_mutations(folder_in(own, "three"))
    assert capsys.readouterr().out == ""
    run_mutations(folder_in(own, "four"), only=["half"])
    assert "half: killed test_the_half_of_four_is_two" in capsys.readouterr().out


@pytest.mark.drawn(2)
def test_tests_that_fail_in_the_unchanged_project_prove_nothing(own, project):
    (project / "half.py").write_text("def half(value):\n    return value / 2 + 1\n")
    with pytest.raises(CaseFailedError, match="the quick tests fail in the unchanged project: test_the_half"):
        run_mutations(folder_in(own, "one"))
    assert mutations.read_record() == {}


@pytest.mark.drawn(2)
def test_tests_that_fail_on_what_an_earlier_run_left_behind_prove_nothing(own, project):
    left = "def test_left():\n    assert not Path('left').exists()\n    Path('left').touch()\n"
    left = f"import pytest\nfrom pathlib import Path\npytestmark = pytest.mark.unit\n{left}"
    (project / "test_left.py").write_text(left)
    with pytest.raises(CaseFailedError, match="the quick tests fail in the unchanged project: test_left"):
        run_mutations(folder_in(own, "one"))
    assert mutations.read_record() == {}


def test_a_result_is_out_of_date_when_the_project_or_the_mutation_changes(tmp_path):
    import subprocess

    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "half.py").write_text("value / 2")
    first = fingerprint(tmp_path, HALF)
    assert first == fingerprint(tmp_path, HALF) != fingerprint(tmp_path, None)
    (tmp_path / "half.py").write_text("value / 2 + 1")
    assert fingerprint(tmp_path, HALF) != first


def test_the_page_has_a_reason_for_each_survivor_and_says_what_was_not_run():
    listed = [HALF, *many(1, survives="nobody sees it"), Mutation("new", "code", "half.py", "a", "b", "harm")]
    text = page(listed, results(half="killed", m0="survived"))
    assert "3 breaks; 2 were tried, 1 of them noticed." in text
    assert "| **no test**: nobody sees it |" in text
    assert "| not run |" in text


def test_a_mutation_that_no_longer_exists_leaves_the_record(own):
    write_record([HALF], results(half="killed", gone="killed"))
    assert list(mutations.read_record()) == ["half"]


def test_the_committed_page_shows_the_committed_results():
    assert mutations.PAGE.read_text(encoding="utf-8") == page(LIST, mutations.read_record())
