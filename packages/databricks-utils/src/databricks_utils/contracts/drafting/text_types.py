"""The types that the texts of a column can have without a loss, and the words that mean a missing value."""

from collections.abc import Mapping, Sequence

from databricks_utils.contracts.drafting.text_shapes import CLEAR, ENDLESS, TRUTH, UNCLEAR, TextProfile
from databricks_utils.contracts.types.spark_types import SparkType

STRING = SparkType("string")
_LONG_DIGITS, _MOST_DIGITS = 19, 38
_SAFE_DIGITS = 15  # a DOUBLE keeps so many digits of every number
# A program that prints a DOUBLE with all its digits prints 17, many of them behind the point: 42.787616999999999 is one.
_PRINTED_DIGITS, _PRINTED_BEHIND = 17, 9


def candidates(profile: TextProfile) -> tuple[SparkType, ...]:
    """Return the types that may hold all texts of a column without a loss, the best first; text is the last.

    A number with a zero before it, as `007`, stays text; `1.0` is no whole number; numbers with the same digits behind the point are
    decimals; dates and timestamps are those of ISO 8601. Whether each value can be read is for a query to say.

    Args:
        profile: The column.

    Examples:
        >>> [kind.sql() for kind in candidates(TextProfile(given=3, words={"NA": 1}, whole=2, numbers=2, before=2))]
        ['BIGINT', 'STRING']
        >>> [kind.sql() for kind in candidates(TextProfile(given=2, numbers=2, before=3, behind=(2, 2)))]
        ['DECIMAL(18, 2)', 'STRING']
    """
    words = {word.lower() for word in profile.words}
    meaning = words - CLEAR - UNCLEAR
    others = profile.others
    found: Sequence[SparkType] = ()
    if not others and meaning and meaning <= TRUTH:
        found = (SparkType("boolean"),)
    elif others and others == profile.numbers and meaning <= ENDLESS:
        found = _numbers(profile, endless=bool(meaning))
    elif others and not meaning and others == profile.dates:
        found = (SparkType("date"),)
    elif others and not meaning and others == profile.zoned:
        found = (SparkType("timestamp"),)
    elif others and not meaning and others == profile.local:
        found = (SparkType("timestamp_ntz"),)
    return (*found, STRING)


def _numbers(profile: TextProfile, *, endless: bool) -> tuple[SparkType, ...]:
    least, most = profile.behind
    if profile.whole == profile.others and not endless:
        wide = SparkType("decimal", sizes=(_MOST_DIGITS, 0))
        if profile.before <= _LONG_DIGITS:
            return (SparkType("bigint"), wide) if profile.before == _LONG_DIGITS else (SparkType("bigint"),)
        return (wide,) if profile.before <= _MOST_DIGITS else ()
    digits = profile.before + most
    if least == most > 0 and not profile.powers and not endless and digits <= _MOST_DIGITS:
        return (SparkType("decimal", sizes=(18 if digits <= 18 else _MOST_DIGITS, most)),)
    exact = (
        ()
        if profile.powers or endless or digits > _MOST_DIGITS
        else (SparkType("decimal", sizes=(_MOST_DIGITS, most)),)
    )
    return (SparkType("double"), *exact)


def lost(text: str, value: str, kind: SparkType, profile: TextProfile) -> str:
    """Return SQL that is true where a type does not keep a text's value.

    Args:
        text: The text as SQL.
        value: The same as a value of the type.
        kind: The type.
        profile: The column.
    """
    if kind.name != "double":
        return "false"
    too_large = f"(abs({value}) = double('Infinity') AND NOT lower({text}) LIKE '%inf%')"
    digits = profile.before + profile.behind[1]
    if digits <= _SAFE_DIGITS:
        return too_large
    if digits > _MOST_DIGITS:
        return "true"
    exact = f"DECIMAL({_MOST_DIGITS}, {profile.behind[1]})"
    kept = f"try_cast({value} AS {exact}) <=> try_cast({text} AS {exact})"
    significant = f"length(regexp_replace({text}, '^-?0*[.]?0*|[^0-9]', ''))"
    behind = f"length(regexp_extract({text}, '[.]([0-9]*)', 1))"
    printed = f"({significant} <= {_PRINTED_DIGITS} AND {behind} >= {_PRINTED_BEHIND})"
    return f"({too_large} OR NOT (lower({text}) LIKE '%inf%' OR {kept} OR {printed}))"


def missing_words(profiles: Sequence[TextProfile]) -> dict[str, str]:
    """Return the words that mean a missing value in a file, each with the reason.

    A word of which that is not clear, such as `NA`, counts if it stands among numbers, dates or truth values. It then counts in every
    column, but see `kept_words`.

    Args:
        profiles: The columns of the file.
    """
    reasons: dict[str, str] = {}
    for profile in profiles:
        typed = len(candidates(profile)) > 1
        for word in profile.words:
            if word.lower() in CLEAR | UNCLEAR and typed:
                reasons[word] = "it stands among values of another type than text"
            elif word.lower() in CLEAR and word not in reasons:
                reasons[word] = "it is no word"
    return reasons


def kept_words(profile: TextProfile, missing: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words for a missing value that may be a code in this column: all its other texts look the same.

    Args:
        profile: The column.
        missing: The words that mean a missing value in the file.

    Example:
        >>> kept_words(TextProfile(given=9, words={"NA": 1}, shape="AA"), {"NA": ""})
        ('NA',)
    """
    if len(candidates(profile)) > 1 or profile.shape is None:
        return ()
    here = [word for word in profile.words if word in missing and word.lower() in UNCLEAR]
    return tuple(word for word in here if _shape(word) == profile.shape)


def _shape(word: str) -> str:
    return "".join("A" if char.isupper() else "a" if char.islower() else char for char in word)
