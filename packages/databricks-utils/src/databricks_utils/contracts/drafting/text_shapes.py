"""The shapes of the texts in many columns, counted in one query.

The shape of a text has `A` for each upper-case letter of ASCII, `a` for each lower-case one, `9` for a digit and `0` for a zero; other
letters stay. There are far fewer shapes than texts, so each is looked at once, however many rows have it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from databricks_utils.quoting import literal

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LONGEST = 48
_MOST_RUNS, _LONGEST_CODE = 6, 20
# Texts that may mean a missing value, in lower case. What stands for nothing else than that, and what may also be a code or a word.
CLEAR = frozenset({"n/a", "#n/a", "null", "(null)", "\\n", "nan", "-", "--", "?"})
UNCLEAR = frozenset({"na", "none", "nil", "missing", "."})
TRUTH = frozenset({"true", "false"})
ENDLESS = frozenset({"inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"})
_WHOLE = "-?(0|9[09]*)"
_NUMBER = rf"{_WHOLE}([.][09]+)?([Aa][-+]?[09]+)?"
_DAY = "[09]{4}-[09]{2}-[09]{2}"
_MOMENT = f"{_DAY}[A ][09]{{2}}:[09]{{2}}(:[09]{{2}}([.][09]{{1,6}})?)?"
# Of names: a word with a capital (`O'Neil`, `d'Arc`, `J.`; a letter of a script without capitals counts as one), and short words between.
_WORD = r"(\p{Ll}{1,2}['’])?[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}'’.]*"
NAMES = rf"^{_WORD}((,? |-)(\p{{Ll}}{{1,3}} ){{0,2}}{_WORD})+$"
# Conditions on a shape `s`; each counts the texts of a column for which it holds.
_CLASSES = {
    "whole": f"s RLIKE '^{_WHOLE}$'",
    "numbers": f"s RLIKE '^{_NUMBER}$'",
    "powers": f"s RLIKE '^{_NUMBER}$' AND s RLIKE '[Aa]'",
    "dates": f"s RLIKE '^{_DAY}$'",
    "local": f"s RLIKE '^{_MOMENT}$'",
    "zoned": f"s RLIKE '^{_MOMENT}(A|[-+][09]{{2}}:[09]{{2}})$'",
    "long": "s IS NULL",
    "phones": "s RLIKE '^([+]|00)[09][09 ()./-]{7,20}$' AND length(regexp_replace(s, '[^09]', '')) BETWEEN 9 AND 15",
    "accounts": "s RLIKE '^AA[09]{2} ?[A09 ]{11,36}$'",
    "cards": "s RLIKE '^9[09]{3}[ -]?[09]{4}[ -]?[09]{4}[ -]?[09]{1,7}$'",
    "addresses": "s RLIKE '^[09]{1,3}([.][09]{1,3}){3}$' OR s RLIKE '^[Aa09]{0,4}(:[Aa09]{0,4}){4,7}$'",
    "names": f"s RLIKE {literal(NAMES)}",
}
# Conditions on a text `v`.
_MAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)*[.][A-Za-z]{2,}"
_SENSITIVE = r"(dapi|ghp_|gho_|xoxb-|xoxp-|sk-|AKIA|ASIA|AIza)[A-Za-z0-9_-]{16,}|eyJ[A-Za-z0-9_-]{10,}[.]eyJ|-----BEGIN [A-Z ]*PRIVATE KEY"
UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


@dataclass(frozen=True)
class TextProfile:
    """What the texts of one column look like; numbers of texts, without missing values.

    Attributes:
        given: All texts.
        blank: Values that are NULL or blank; not in `given`.
        words: Words that mean a missing value, a truth value or an endless number, as written, with their numbers; the other
            attributes do not count them.
        whole: Whole numbers without a zero before them.
        numbers: Numbers, whole ones too.
        powers: Numbers with an exponent.
        before: The most digits before the point of a number.
        behind: The fewest and the most digits behind the point of a number.
        dates: Dates such as 2024-01-31.
        local: Timestamps without an offset.
        zoned: Timestamps with one.
        long: Texts that are too long for a shape.
        shape: The one shape of all texts, with `9` for every digit; None if they have several.
        runs: The same with one character for each run of equal ones.
        phones: Numbers with a country's code.
        accounts: Texts that may be bank accounts (IBAN).
        cards: Texts that may be numbers of payment cards.
        addresses: Addresses of machines (IPv4, IPv6, MAC).
        names: Two or more words with a capital, of any language; as the names of persons are.
        mails: Texts with an e-mail address in them.
        secrets: Texts with a token or a private key in them.
        ids: UUIDs in lower case.
        longest: The most characters of a text.
    """

    given: int = 0
    blank: int = 0
    words: dict[str, int] = field(default_factory=dict)
    whole: int = 0
    numbers: int = 0
    powers: int = 0
    before: int = 0
    behind: tuple[int, int] = (0, 0)
    dates: int = 0
    local: int = 0
    zoned: int = 0
    long: int = 0
    shape: str | None = None
    runs: str | None = None
    phones: int = 0
    accounts: int = 0
    cards: int = 0
    addresses: int = 0
    names: int = 0
    mails: int = 0
    secrets: int = 0
    ids: int = 0
    longest: int = 0

    @property
    def others(self) -> int:
        """The texts that are none of the words."""
        return self.given - sum(self.words.values())


def text_profiles(
    frame: DataFrame, texts: Sequence[str], *, words: bool, read: str = "v"
) -> list[TextProfile]:
    """Return the profile of each column of texts, from one query over all rows.

    Args:
        frame: Any grain; columns of type string.
        texts: The columns, as SQL.
        words: Whether words such as `NA` may mean a missing value.
        read: The text that a cell `v` means, as SQL; NULL where a value is missing.
    """
    from pyspark.sql import functions as F

    if not texts:
        return []
    wanted = sorted(CLEAR | UNCLEAR | TRUTH | ENDLESS) if words else []
    word = (
        f"CASE WHEN lower(v) IN ({', '.join(map(literal, wanted))}) THEN v END"
        if wanted
        else "CAST(NULL AS STRING)"
    )
    digits = f"translate(v, '{_UPPER}{_UPPER.lower()}123456789', '{'A' * 26}{'a' * 26}{'9' * 9}')"
    raw = frame.select(F.posexplode(F.array(*map(F.expr, texts))).alias("p", "v"))
    cells = raw.select("p", F.expr(read).alias("v"))
    shaped = cells.select(
        "p",
        "v",
        F.expr(word).alias("w"),
        F.expr(f"CASE WHEN length(v) <= {_LONGEST} THEN {digits} END").alias("s"),
    )
    counted = shaped.groupBy("p", "w", "s").agg(
        F.count("*").alias("n"),
        F.count("v").alias("given"),
        F.max(F.length("v")).alias("longest"),
        F.expr(f"count_if(instr(v, '@') > 0 AND v RLIKE {literal(_MAIL)})").alias("mails"),
        F.expr(f"count_if(length(v) >= 20 AND v RLIKE {literal(_SENSITIVE)})").alias("secrets"),
        F.expr(f"count_if(length(v) = 36 AND v RLIKE {literal(UUID)})").alias("ids"),
    )
    rows = counted.groupBy("p").agg(*map(F.expr, _totals())).collect()
    found = {row["p"]: _profile(row.asDict()) for row in rows}
    return [found.get(at, TextProfile()) for at in range(len(texts))]


def _totals() -> list[str]:
    other = "w IS NULL AND given > 0"
    number = f"{other} AND s RLIKE '^{_NUMBER}$'"
    behind = "length(regexp_extract(s, '[.]([09]+)', 1))"
    before = "length(regexp_extract(s, '^-?([09]+)', 1))"
    plain = "translate(s, '0', '9')"
    run = f"regexp_replace({plain}, '(.)\\\\1+', '$1')"
    return [
        "sum(given) AS given",
        "sum(n - given) AS blank",
        "max(longest) AS longest",
        *(f"sum(CASE WHEN {other} THEN {name} ELSE 0 END) AS {name}" for name in ("mails", "secrets", "ids")),
        *(
            f"sum(CASE WHEN {other} AND ({test}) THEN n ELSE 0 END) AS `{name}`"
            for name, test in _CLASSES.items()
        ),
        f"max(CASE WHEN {number} THEN {before} END) AS before",
        f"min(CASE WHEN {number} THEN {behind} END) AS behind_least",
        f"max(CASE WHEN {number} THEN {behind} END) AS behind_most",
        f"min(CASE WHEN {other} THEN {plain} END) AS shape_first",
        f"max(CASE WHEN {other} THEN {plain} END) AS shape_last",
        f"min(CASE WHEN {other} THEN {run} END) AS runs_first",
        f"max(CASE WHEN {other} THEN {run} END) AS runs_last",
        "collect_list(CASE WHEN w IS NOT NULL THEN struct(w, n) END) AS words",
    ]


def _profile(row: Mapping[str, Any]) -> TextProfile:
    counts = ("given", "blank", "longest", "mails", "secrets", "ids", "before", *_CLASSES)
    found: dict[str, Any] = {name: row[name] or 0 for name in counts}
    for name in ("shape", "runs"):
        is_one = row[f"{name}_first"] == row[f"{name}_last"] and not found["long"]
        found[name] = row[f"{name}_first"] if is_one else None
    words: dict[str, int] = {}
    for word, count in row["words"]:
        words[word] = words.get(word, 0) + count
    behind = (row["behind_least"] or 0, row["behind_most"] or 0)
    return TextProfile(**found, words=dict(sorted(words.items())), behind=behind)


def pattern_of(profile: TextProfile, *, least: int, known: Collection[str] = ()) -> str | None:
    """Return a regular expression that all texts of a column fit and that looks like a code; None if there is none.

    Args:
        profile: The column.
        least: How many texts it takes.
        known: The words that mean a missing value, or fit the expression as all others do.

    Examples:
        >>> pattern_of(TextProfile(given=20, shape="AA-999"), least=10)
        '^[A-Z]{2}-[0-9]{3}$'
        >>> pattern_of(TextProfile(given=20, runs="A9", longest=6), least=10)
        '^[A-Z]+[0-9]+$'
    """
    if profile.others < least or set(profile.words) - set(known) or profile.long:
        return None
    if profile.ids == profile.others:
        return UUID
    if profile.shape is not None:
        return _pattern(profile.shape, repeated=False)
    few = profile.runs is not None and len(profile.runs) <= _MOST_RUNS and profile.longest <= _LONGEST_CODE
    return _pattern(profile.runs or "", repeated=True) if few and "9" in (profile.runs or "") else None


def _pattern(shape: str, *, repeated: bool) -> str | None:
    if not shape or not re.fullmatch(r"[Aa9 _./:#@+-]+", shape):
        return None
    parts = []
    for found in re.finditer(r"(.)\1*", shape):
        char, count = found[1], len(found[0])
        one = {"A": "[A-Z]", "a": "[a-z]", "9": "[0-9]"}.get(char, f"[{char}]" if char in ".+" else char)
        times = "+" if repeated else "" if count == 1 else f"{{{count}}}"
        parts.append(f"{one}{times}")
    return f"^{''.join(parts)}$"
