"""Comments silence findings in place: `# lakewright: ignore LW602 (reason)`.

Warnings and recommendations can be silenced, and errors of rules that say so (`Rule.can_be_silenced`). A comment
that names an unknown code, silences nothing, or stands at another error is a finding itself.
"""

from collections.abc import Iterable

from lakewright.bundle.model.comment import Comment
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.comments.comment_on_an_error import CommentOnAnError
from lakewright.bundle.rules.comments.comment_without_effect import CommentWithoutEffect
from lakewright.bundle.rules.comments.unknown_code_in_comment import UnknownCodeInComment
from lakewright.bundle.rules.registry import find_rule, near_codes


def silenced(findings: Iterable[Diagnostic], comments: Iterable[Comment]) -> tuple[Diagnostic, ...]:
    """Return the findings that no comment silences, and the findings about the comments."""
    kept = list(findings)
    about: list[Diagnostic] = []
    for comment in comments:
        for code in comment.codes or ("",):
            rule = find_rule(code)
            if rule is None:
                about.append(UnknownCodeInComment.of(code, near_codes(code), comment.location))
                continue
            here = [
                found
                for found in kept
                if found.code == rule.code and found.location and comment.covers(found.location)
            ]
            quiet = [found for found in here if found.severity != "error" or rule.can_be_silenced]
            kept = [found for found in kept if found not in quiet]
            if len(quiet) < len(here):
                about.append(CommentOnAnError.of(rule.code, comment.location))
            elif not here:
                about.append(CommentWithoutEffect.of(rule.code, comment.location))
    return (*kept, *about)
