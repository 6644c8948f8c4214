"""Comments silence findings in place: `# lakewright: ignore LW602 (reason)`.

Warnings and recommendations can be silenced, and errors of rules that say so (`Rule.can_be_silenced`). A comment
that names an unknown code, silences nothing in any target, or stands at another error is a finding itself.
"""

from collections.abc import Callable, Iterable

from lakewright.bundle.model.comment import Comment
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.comments.comment_on_an_error import CommentOnAnError
from lakewright.bundle.rules.comments.comment_without_effect import CommentWithoutEffect
from lakewright.bundle.rules.comments.unknown_code_in_comment import UnknownCodeInComment
from lakewright.bundle.rules.registry import find_rule, near_codes

_VALIDATE = "validate"


def silenced(
    findings: Iterable[Diagnostic],
    comments: Iterable[Comment],
    elsewhere: Callable[[], Iterable[Diagnostic]],
    *,
    command: str = _VALIDATE,
) -> tuple[Diagnostic, ...]:
    """Return the findings that no comment silences, and the findings about the comments.

    Args:
        findings: The findings for the chosen target.
        comments: The comments in the files that were read.
        elsewhere: Returns the findings for all targets; called if a comment silences nothing in the chosen one.
        command: The command that made the findings; comments about findings of another one are left to it.
    """
    kept = list(findings)
    about: list[Diagnostic] = []
    unused: list[tuple[Comment, str]] = []
    for comment in comments:
        for name in comment.codes or ("",):
            rule = find_rule(name)
            if rule is None and command == _VALIDATE:
                about.append(UnknownCodeInComment.of(name, near_codes(name), comment.location))
            if rule is None or rule.command != command:
                continue
            here = [found for found in kept if _is_about(comment, rule.code, found)]
            quiet = [found for found in here if found.severity != "error" or rule.can_be_silenced]
            kept = [found for found in kept if found not in quiet]
            if len(quiet) < len(here):
                about.append(CommentOnAnError.of(rule.code, comment.location))
            elif not here:
                unused.append((comment, rule.code))
    others = tuple(elsewhere()) if unused else ()
    about += [
        CommentWithoutEffect.of(code, comment.location)
        for comment, code in unused
        if not any(_is_about(comment, code, found) for found in others)
    ]
    return (*kept, *about)


def _is_about(comment: Comment, code: str, finding: Diagnostic) -> bool:
    return finding.code == code and finding.location is not None and comment.covers(finding.location)
