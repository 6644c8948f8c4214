"""Whether a pattern can be one of Java, which Spark runs; nothing here is a whole judge of it.

The standard means the expressions of ECMAScript. Java knows nearly all of them, Python fewer: what only Python lacks is put in its words,
then Python is asked.
"""

import re
import warnings

_IN_PYTHONS_WORDS = (
    (re.compile(r"\(\?<(?=[A-Za-z])"), "(?P<"),
    (re.compile(r"\\k<(\w+)>"), r"(?P=\1)"),
    (re.compile(r"\\[pP](\{\w+\}|\w)"), r"\\w"),
    (re.compile(r"\\Q.*?(\\E|$)", re.DOTALL), "q"),
    (re.compile(r"\\[hHRXGzZ]"), r"\\s"),
)
_QUANTIFIER = re.compile(r"\{\d+(,\d*)?\}")
_PYTHONS_OWN = ("(?P", "(?(", "(?#")


class PatternError(ValueError):
    """Raised when a pattern cannot be valid."""


def check_pattern(pattern: str) -> None:
    """Check a pattern as far as that is possible without Java.

    Raises:
        PatternError: It is not valid.
    """
    if own := next((part for part in _PYTHONS_OWN if part in pattern), None):
        raise PatternError(f"`{own}` is Python's alone")
    _check_brackets(re.sub(r"\\Q.*?(\\E|$)", "", pattern, flags=re.DOTALL))
    translated = pattern
    for theirs, ours in _IN_PYTHONS_WORDS:
        translated = theirs.sub(ours, translated)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(translated)
    except (re.error, RecursionError, OverflowError) as error:
        raise PatternError(str(error)) from None


def _check_brackets(pattern: str) -> None:
    """Java reads `{` as a quantifier and `[` inside of brackets as a class of its own; Python and ECMAScript as characters."""
    inside, at = False, 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            skipped = re.match(r"\\[pPxuk]\{[^}]*\}", pattern[at:])
            at += len(skipped[0]) if skipped else 2
            continue
        if char == "[":
            if inside:
                raise PatternError("a `[` inside of brackets needs a backslash")
            inside = True
        elif char == "]":
            inside = False
        elif char == "{" and not inside:
            found = _QUANTIFIER.match(pattern, at)
            if not found or at == 0:
                raise PatternError("a `{` that is no number of repetitions needs a backslash")
            at = found.end()
            continue
        at += 1
