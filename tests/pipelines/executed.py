"""Which commands the steps of the pipelines run, and what is known of each: executed here, its arguments checked, or not, and why."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from pipelines.steps import Step

LIST = Path(__file__).with_name("executed.yaml")
_HOW = ("executed", "arguments", "not")
# What bash does itself, and small programs that every machine has.
_OF_BASH = (
    "{ } [ [[ if then else elif fi for do done true test exit set export echo printf while read continue cd"
)
_SMALL = "cat head tail tee mv mkdir dirname"
_SHELL = frozenset(f"{_OF_BASH} {_SMALL}".split())
_ASSIGNED = re.compile(r"^\w+=")
_PARTS = re.compile(r"&&|\|\||[;|\n]|\$\(|(?<=\s)do\s|(?<=\s)then\s")


@dataclass(frozen=True)
class Known:
    """What is known of one command.

    Attributes:
        command: How it begins.
        here: `executed`, `arguments` or `not`.
        why: What is missing here, and what runs it elsewhere.
    """

    command: str
    here: str
    why: str


@cache
def known_commands() -> tuple[Known, ...]:
    """Read the list.

    Raises:
        ValueError: An entry has no reason where it needs one.
    """
    made = [
        Known(each["command"], each["here"], each.get("why", ""))
        for each in yaml.safe_load(LIST.read_text(encoding="utf-8"))
    ]
    if wrong := [
        each.command for each in made if each.here not in _HOW or (each.here != "executed" and not each.why)
    ]:
        raise ValueError(f"{LIST.name}: not one of {_HOW}, or without a reason: {wrong}")
    return tuple(made)


def commands_of(step: Step) -> list[str]:
    """Return the commands of a step that bash does not do itself; for a task or action, what it uses."""
    if not step.script:
        return [step.uses]
    text = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)(^|\s)#.*$", "", step.script))
    text = re.sub(r"'[^']*'", "''", text)  # a program in another language, such as jq's
    found = []
    for part in _PARTS.split(text):
        words = part.strip(' ()"').split()
        while words and (_ASSIGNED.match(words[0]) or words[0] in ("!", "xargs", "-0", "{")):
            words.pop(0)
        words = [word for word in words if not word.startswith("-chdir=")]
        if words and words[0] not in _SHELL and re.match(r"[a-z]", words[0]):
            found.append(" ".join(words))
    return found


def unknown(step: Step) -> list[str]:
    """Return the commands of a step that the list lacks."""
    return [command for command in commands_of(step) if not entry_of(command)]


def entry_of(command: str) -> Known | None:
    """Return what is known of a command: the longest entry that it begins with."""
    fitting = [each for each in known_commands() if command.startswith(each.command)]
    return max(fitting, key=lambda each: len(each.command), default=None)
