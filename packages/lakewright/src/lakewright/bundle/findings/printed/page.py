"""The page of a rule: the parts of its docstring, also as Markdown for the docs, the terminal and GitHub."""

import inspect
import re
from dataclasses import dataclass

from lakewright.bundle.rules.base import Rule

_SECTIONS = ("What it does", "Why is this bad?", "Example that fails", "Example that passes")
_NAMED = re.compile(r"^```(?P<language>\w+) (?P<name>\S+)(?: encoding=(?P<encoding>\S+))?$", re.MULTILINE)
_SILENCE = {
    True: "yes, by a comment",
    False: "no, because the Databricks CLI refuses the bundle too, or the bundle lacks the value",
}


@dataclass(frozen=True)
class Page:
    """The parts of a rule's docstring.

    Attributes:
        title: The first line.
        what: What the rule does.
        why: Why the finding is bad.
        fails: The example with the mistake, as Markdown.
        passes: The example without it, as Markdown.
    """

    title: str
    what: str
    why: str
    fails: str
    passes: str


class PageError(ValueError):
    """Raised when a rule's docstring lacks a section, or has an empty one."""


def page_of(rule: type[Rule]) -> Page:
    """Return the page of a rule.

    Raises:
        PageError: A section is missing or empty.
    """
    title, *sections = re.split(r"^## ", inspect.getdoc(rule) or "", flags=re.MULTILINE)
    found = {}
    for section in sections:
        heading, _, body = section.partition("\n")
        found[heading.strip()] = body.strip()
    if tuple(found) != _SECTIONS or not all(found.values()):
        raise PageError(f"{rule.code}: the docstring needs the sections {', '.join(_SECTIONS)}, none empty")
    return Page(title.strip(), *(found[name] for name in _SECTIONS))


def help_of(rule: type[Rule]) -> str:
    """Return the page of a rule as Markdown, without a heading."""
    page = page_of(rule)
    can_be_silenced = rule.severity != "error" or rule.can_be_silenced
    return "\n\n".join(
        [
            page.title,
            f"Severity: {rule.severity}. Can be fixed automatically: {rule.fixable}. "
            f"Can be silenced: {_SILENCE[can_be_silenced]}.",
            f"**What it does.** {page.what}",
            f"**Why is this bad?** {page.why}",
            f"**Fails:**\n\n{_with_names(page.fails)}",
            f"**Passes:**\n\n{_with_names(page.passes)}",
        ]
    )


def _with_names(markdown: str) -> str:
    """Return an example with the name of each further file above its block, where every renderer shows it."""
    return _NAMED.sub(_named, markdown)


def _named(head: re.Match[str]) -> str:
    encoding = f", saved as {head['encoding']}" if head["encoding"] else ""
    return f"`{head['name']}`{encoding}:\n\n```{head['language']}"
