"""The questions of `lakewright init`: asked one by one, with a default that typed text replaces."""

import io
from functools import cache

import click
import pytest
import yaml
from click.testing import CliRunner
from jinja2.sandbox import SandboxedEnvironment

from lakewright.cli import cli
from lakewright.scaffold.asking import AnswerError, ask_questions
from lakewright.scaffold.questions import read_questions
from lakewright.scaffold.render import render_project
from lakewright.scaffold.template import template_root

pytestmark = pytest.mark.unit

GIVEN = {"project_name": "inter3"}
ENTERS = "\n" * 30


@pytest.fixture
def asked():
    """Return what is printed, and the answers or the error, for the lines of a standard input."""

    def ask(lines, given=GIVEN):
        found = {}
        command = click.Command("asking", callback=lambda: found.update(ask_questions(given)))
        done = CliRunner().invoke(command, [], input=lines)
        return done.output, done.exception or found

    return ask


def test_typed_text_replaces_the_default(asked):
    printed, answers = asked("my_pkg\n" + ENTERS)
    assert answers["package_name"] == "my_pkg"
    assert "  package_name [inter3]: " in printed


def test_an_enter_takes_the_default_which_follows_from_earlier_answers(asked):
    _, answers = asked("\n\n\n\nhttps://one.example\n" + ENTERS)
    assert answers["workspace_host_staging"] == answers["workspace_host_prod"] == "https://one.example"
    assert answers["package_name"] == "inter3"
    assert answers["python_resources"] == "false"


def test_only_what_matters_is_asked(asked):
    assert "node_type" not in asked(ENTERS)[1]
    _, answers = asked(ENTERS, {**GIVEN, "compute": "job_clusters"})
    assert answers["node_type"] == "Standard_D4ds_v5"


def test_defaults_that_are_asked_for_and_accepted_give_the_same_project(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(ENTERS))
    asked = render_project(tmp_path / "a" / "shop", answers={}, ask=True)
    taken = render_project(tmp_path / "b" / "shop", answers={}, ask=False)
    files = [
        {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        for root in (asked, taken)
    ]
    assert files[0] == files[1]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("My-Package\nmy_package\n", "lower-case letters, digits and _, beginning with a letter"),
        ("json\nmy_package\n", "it is the name of a package that the project needs"),
        ("class\nmy_package\n", "it is a keyword of Python"),
        ("my_package\n\n\ngpu\nserverless\n", "choose one of serverless, job_clusters"),
        ("my_package\n\n\n\nadb-1.2\n", "https:// and the name of a workspace, without a path"),
    ],
)
def test_a_refused_answer_is_asked_again_with_the_whole_reason(asked, lines, words):
    printed, answers = asked(lines + ENTERS)
    assert f"Error: {words}\n" in printed
    assert answers["package_name"] == "my_package"


def test_each_question_is_printed_in_full(asked):
    printed = " ".join(asked(ENTERS)[0].split())
    for question in read_questions():
        if question.name != "project_name" and question.is_asked({"compute": "serverless"}):
            assert " ".join(question.help.split()) in printed


def test_an_input_that_ends_after_a_refused_answer_names_the_question_and_the_reason(asked):
    _, error = asked("My-Package\n")
    assert isinstance(error, AnswerError)
    assert "ends at the question `package_name`: its answer was refused (lower-case letters" in str(error)
    assert "-d package_name=VALUE" in error.fix


def test_an_input_that_ends_early_names_the_question(asked):
    _, error = asked("my_package\n")
    assert isinstance(error, AnswerError)
    assert "ends at the question `owner`: it has no answer" in str(error)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"project_name": "9 lives"}, "project_name: letters, digits"),
        ({**GIVEN, "compute": "gpu"}, "compute: choose one of"),
        ({**GIVEN, "python_resources": "perhaps"}, "python_resources: answer yes or no"),
    ],
)
def test_an_answer_that_is_given_and_not_valid_is_refused_before_any_question(asked, given, words):
    printed, error = asked(ENTERS, given)
    assert isinstance(error, AnswerError)
    assert words in str(error)
    assert "package_name" not in printed


def test_the_help_lists_each_question_with_its_default_and_no_error_names_a_file_of_ours(tmp_path):
    printed = CliRunner().invoke(cli, ["init", "--help"]).output
    listed = printed.partition("Keys for --data:")[2]
    content = yaml.safe_load((template_root() / "copier.yml").read_text())
    names = [name for name in content if name[0] != "_"]
    assert [line.split()[0] for line in listed.splitlines() if line[2:3].strip()] == names
    for words in (
        "[default: the name of the folder]",
        "[default: from project_name]",
        "[default: analytics]",
    ):
        assert words in " ".join(listed.split())
    with pytest.raises(AnswerError) as caught:
        render_project(tmp_path / "p", answers={"catalog": "a-b"}, ask=False)
    assert caught.value.fix == "give another answer: -d catalog=…; all questions: lakewright init --help"
    assert "copier.yml" not in caught.value.fix


@cache
def with_filters(text):
    extensions = ["jinja2_ansible_filters.AnsibleCoreFiltersExtension"]
    return SandboxedEnvironment(extensions=extensions, **read_questions()[0].marks).from_string(text)


@pytest.mark.parametrize("earlier", [{}, {"infrastructure": "azure", "ci": "github"}, {"ci": "gitlab"}])
@pytest.mark.parametrize(
    "answer",
    ["", "shop", "Shop", "a-b", "1st", "https://a.b", "https://a.b/c", "me@x.y", "x\n", 'a"b', "${a}"],
)
def test_answers_are_judged_as_copier_judges_them(answer, earlier):
    """Copier renders the same templates with filters of a package that lakewright does not import."""
    judged = 0
    for question in read_questions():
        if question.validator and not question.choices:
            theirs = with_filters(question.validator).render({**earlier, question.name: answer}).strip()
            ours = question.problem_of(answer, earlier)
            assert ours == theirs or (not theirs and ours.startswith("it is ")), question.name
            judged += 1
    assert judged > 5
