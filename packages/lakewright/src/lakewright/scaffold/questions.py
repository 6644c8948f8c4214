"""The questions of the template as data: `copier.yml` is the only place that has them."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lakewright.scaffold.package_names import taken_by
from lakewright.scaffold.template import QUESTIONS, template_root

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

_YES_OR_NO = {"yes", "no", "y", "n", "true", "false", "t", "f", "on", "off", "1", "0"}  # as Copier reads them
_NAME = re.compile(r"[a-z_]+")


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        name: The key for `--data`.
        help: The question.
        default: The default, as a template of earlier answers.
        when: The condition under which it is asked, as a template; empty for always.
        validator: What prints why an answer is refused, as a template; empty for none.
        choices: The answers to choose from, each with its words; empty for any answer.
        is_bool: Whether it is answered by yes or no.
        marks: The marks of its templates.
    """

    name: str
    help: str
    default: str
    when: str = ""
    validator: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    is_bool: bool = False
    marks: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def is_asked(self, answers: Mapping[str, str]) -> bool:
        """Return whether it matters, given the earlier answers."""
        return not self.when or self._render(self.when, answers) == "True"

    def default_for(self, answers: Mapping[str, str]) -> str:
        """Return the default, given the earlier answers."""
        return self._render(self.default, answers)

    def problem_of(self, answer: str, answers: Mapping[str, str]) -> str:
        """Return why an answer is refused; empty if it is valid.

        Args:
            answer: The answer.
            answers: The earlier answers.
        """
        if self.choices and answer not in self.choices:
            return f"choose one of {', '.join(self.choices)}"
        if self.is_bool and answer.lower() not in _YES_OR_NO:
            return "answer yes or no"
        problem = self._render(self.validator, {**answers, self.name: answer}).strip()
        if not problem and self.name == "package_name" and (why := taken_by(answer)):
            return f"it is {why}"
        return problem

    @property
    def in_words(self) -> str:
        """The question with its choices, its default and its condition, for a list of all questions."""
        choices = f" ({', '.join(self.choices)})" if self.choices else " (yes, no)" if self.is_bool else ""
        sources = [name for name in _NAME.findall(self.default) if name in _names()]
        is_fixed = self.default_for({}) == self.default
        default = self.default or "empty" if is_fixed else f"from {' and '.join(dict.fromkeys(sources))}"
        if self.name == "project_name":
            default = "the name of the folder"
        condition = f"; only if {self.when.strip('<[]> ')}" if self.when else ""
        return f"{self.help}{choices}  [default: {default}{condition}]"

    def _render(self, text: str, answers: Mapping[str, str]) -> str:
        return _template(text, tuple(self.marks.items())).render(answers)


@functools.cache
def read_questions() -> tuple[Question, ...]:
    """Return the questions, in the order in which they are asked."""
    import yaml

    # Copier reads this file as YAML 1.1; use the same reader.
    content = yaml.safe_load((template_root() / QUESTIONS).read_text(encoding="utf-8"))
    marks = content["_envops"]
    return tuple(_question(name, given, marks) for name, given in content.items() if name[0] != "_")


def _question(name: str, given: Mapping[str, Any], marks: Mapping[str, Any]) -> Question:
    is_bool = given["type"] == "bool"
    default = given["default"]
    return Question(
        name,
        given["help"],
        ("yes" if default else "no") if is_bool else default,
        given.get("when", ""),
        given.get("validator", ""),
        {value: words for words, value in given.get("choices", {}).items()},
        is_bool,
        marks,
    )


def _names() -> set[str]:
    return {each.name for each in read_questions()}


@functools.cache
def _template(text: str, marks: tuple[tuple[str, Any], ...]) -> Template:
    return _environment(marks).from_string(text)


@functools.cache
def _environment(marks: tuple[tuple[str, Any], ...]) -> SandboxedEnvironment:
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(**dict(marks))
    environment.filters["regex_search"] = _regex_search
    return environment


def _regex_search(text: object, pattern: str) -> str | None:
    """Return what a pattern finds, as the filter that Copier has from a package under the GPL; the questions use no other one."""
    found = re.search(pattern, str(text))
    return found.group() if found else None
