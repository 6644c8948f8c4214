"""Ask the questions of the template, one by one: in a terminal, or from the lines of the standard input."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping

import click

from lakewright.errors import LakewrightError
from lakewright.scaffold.questions import Question, read_questions

_WIDEST = 100


class AnswerError(LakewrightError, ValueError):
    """Raised when an answer is not valid for its question."""


def ask_questions(given: Mapping[str, str]) -> dict[str, str]:
    """Return the answers to all questions that matter; those that are given are not asked.

    Args:
        given: Answers by the names of the questions.

    Raises:
        AnswerError: A given answer is not valid, or the standard input ends before the last question.
    """
    questions = read_questions()
    for question in questions:
        if question.name in given and (problem := question.problem_of(given[question.name], given)):
            raise AnswerError(
                f"the project was not created: {question.name}: {problem}",
                fix=f"give another answer: -d {question.name}=…",
            )
    open_questions = [each for each in questions if each.name not in given]
    click.echo(
        f"{len(open_questions)} questions at most. Enter takes the answer in brackets; for an empty one in its place give -d KEY="
    )
    answers = dict(given)
    for question in open_questions:
        if question.is_asked(answers):
            answers[question.name] = _ask(question, answers)
    return answers


def _ask(question: Question, answers: Mapping[str, str]) -> str:
    """Ask until an answer is valid."""
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    click.echo("\n" + click.wrap_text(question.help, width=width))
    for value, words in question.choices.items():
        click.echo(f"    {value}: {words}")
    refused = ""

    def checked(text: str) -> str:
        nonlocal refused
        refused = question.problem_of(text, answers)
        if refused:
            raise click.UsageError(refused)
        return text

    default = question.default_for(answers)
    try:
        if question.is_bool:
            yes = click.confirm(f"  {question.name}", default=default == "yes")
            return "true" if yes else "false"
        return str(
            click.prompt(
                f"  {question.name}", default=default, show_default=bool(default), value_proc=checked
            )
        )
    except click.Abort:
        if sys.stdin.isatty():
            raise
        click.echo()
        raise _ended(question, refused) from None


def _ended(question: Question, refused: str) -> AnswerError:
    why = f"its answer was refused ({refused}), and no other follows" if refused else "it has no answer"
    return AnswerError(
        f"the project was not created: the standard input ends at the question `{question.name}`: {why}",
        fix=f"answer it with -d {question.name}=VALUE, or take the defaults with --defaults",
    )
