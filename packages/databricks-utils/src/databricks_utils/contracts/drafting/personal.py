"""Guess which columns hold data about persons, or secrets: by what all their values look like, or by their name.

The values themselves go nowhere: they are counted, or checked here and forgotten.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from databricks_utils.config.secrecy import looks_secret
from databricks_utils.contracts.drafting.text_shapes import TextProfile
from databricks_utils.contracts.types.literals import FLOATING, TEXTS
from databricks_utils.contracts.types.spark_types import WHOLE, SparkType

_RESTRICTED, _CONFIDENTIAL = "restricted", "confidential"
_FEWEST_CARDS = 3
_MOST = 0.8  # share of the values from which on a column counts as one of this kind
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_TRAILING_NUMBER = re.compile("_?[0-9]+$")
_NUMBER = "(_?(number|num|numero|nummer|nbr|no|nr))"
# Of words that mean a person: what stands alone as the name of a column of texts, and what does so only before `name`.
_PERSON = (
    "employee|manager|supervisor|sales_?(rep(resentative)?|person|man|agent)|(?<!user_)agent|owner|doctor|physician|nurse|"
    "(?<![jo]dbc_)driver|patient|passenger|teacher|student|assignee|customer|person|guest|user|seller|buyer|mitarbeiter(in)?|"
    "medewerker|(created|updated|changed|modified|approved|handled)_by"
)
_WHOSE = f"{_PERSON}|client|contact|member|holder"
_TEXT_OR_WHOLE = TEXTS | WHOLE | {"decimal"}
_MOMENTS = frozenset({"date", "timestamp", "timestamp_ntz"})


def _any_of(*parts: str, ahead: str = "(.*_)?") -> re.Pattern[str]:
    return re.compile(f"{ahead}({'|'.join(parts)})")


# What the words of a name, joined by `_`, say; and the types for which it counts.
_BY_NAME: tuple[tuple[str, str, re.Pattern[str], frozenset[str]], ...] = (
    ("e-mail addresses", _CONFIDENTIAL, _any_of("e?_?mail(_?id)?", "e?_?mail_?add?r(ess)?"), TEXTS),
    (
        "phone numbers",
        _CONFIDENTIAL,
        _any_of(f"(phone|mobile|telephone|tel|fax|gsm|msisdn|cell_?phone){_NUMBER}?"),
        _TEXT_OR_WHOLE,
    ),
    (
        "bank accounts",
        _RESTRICTED,
        _any_of(f"iban{_NUMBER}?", f"bank_?(account|acct){_NUMBER}?", f"(account|acct|acc){_NUMBER}"),
        _TEXT_OR_WHOLE,
    ),
    (
        "payment cards",
        _RESTRICTED,
        _any_of(f"(card|cc){_NUMBER}", f"(credit|debit|payment)_?card{_NUMBER}?", "ccn", "pan", "cvv", "cvc"),
        _TEXT_OR_WHOLE,
    ),
    (
        "numbers of persons",
        _RESTRICTED,
        _any_of(f"(ssn|bsn|nino|nhs|passport){_NUMBER}?", "social_security.*", "national_id.*", f"tax_?(id|{_NUMBER})",
                f"tax_?id{_NUMBER}", r"driv\w*_?licen[cs]e.*"),
        _TEXT_OR_WHOLE,
    ),
    (
        "names of persons",
        _CONFIDENTIAL,
        _any_of("(first|last|given|family|middle|maiden|full|nick)_?name", "surname", "(voor|achter)naam",
                "(vor|nach)name", f"({_WHOSE})_?(first|last)?_?name", f"({_WHOSE})_(first|last|full)", _PERSON),
        TEXTS,
    ),
    (
        "dates of birth",
        _CONFIDENTIAL,
        _any_of("dob", "birth_?(date|dt|day|month|year)", "(date|dt|year)_?of_?birth", "(geboorte|geburts)_?datum", "born(_on)?"),
        _TEXT_OR_WHOLE | _MOMENTS,
    ),
    ("addresses of machines", _CONFIDENTIAL, _any_of("(ip|mac)(_?addr(ess)?)?", "ip_?v[46]"), TEXTS),
    (
        "addresses",
        _CONFIDENTIAL,
        _any_of("street(_?name)?", "address(_?line)?", f"house{_NUMBER}", "post(al)?_?code", "zip(_?code)?"),
        _TEXT_OR_WHOLE,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Personal:
    """What a column seems to hold.

    Attributes:
        what: E.g. `e-mail addresses`.
        classification: `confidential`, or `restricted` for what does harm at once.
        because: Why it seems so.
    """

    what: str
    classification: str
    because: str


def by_name(name: str, kind: SparkType, *, above: Sequence[str] = ()) -> Personal | None:
    """Return what a column or field seems to hold by its name and type; None if nothing personal.

    Args:
        name: Its name.
        kind: Its type; of arrays and maps that of the elements, keys and values inside counts.
        above: The names of what is around it, from the outside: `number` in `passport` is that of a passport.

    Examples:
        >>> by_name("CustomerEmail", SparkType("string")).what
        'e-mail addresses'
        >>> by_name("phone_calls", SparkType("int")) is None, by_name("email", SparkType("boolean")) is None
        (True, True)
        >>> by_name("number", SparkType("bigint"), above=["passport"]).what
        'numbers of persons'
    """
    kinds = set(_kinds_inside(kind))
    if looks_secret(name) and kinds - {"boolean", "date", "timestamp", *FLOATING}:
        return Personal("secrets", _RESTRICTED, "its name is that of a secret")
    several = kind.name in {"array", "map"} or kinds <= TEXTS  # a number named `phones` counts them
    around = [_words(each) for each in above]
    readings = [
        found
        for outer in (around, [each.removesuffix("s") for each in around])
        for found in _readings("_".join((*outer, _words(name))), several=several)
    ]
    for what, classification, pattern, fitting in _BY_NAME:
        if kinds & fitting and any(map(pattern.fullmatch, readings)):
            return Personal(what, classification, "its name says so")
    return None


def _kinds_inside(kind: SparkType) -> Iterator[str]:
    """The type; of arrays and maps those of their elements, keys and values."""
    if kind.name in {"array", "map"}:
        for inner in kind.inner:
            yield from _kinds_inside(inner)
    else:
        yield kind.name


def _words(name: str) -> str:
    return _NOT_WORDS.sub("_", _CAMEL.sub("_", name).lower()).strip("_")


def _readings(words: str, *, several: bool) -> Iterator[str]:
    """A name as it is, without a number behind it, and as that of one thing if it may be of several."""
    for found in dict.fromkeys((words, _TRAILING_NUMBER.sub("", words))):
        yield found
        if several:
            yield from (found.removesuffix(end) for end in ("s", "es") if found.endswith(end))


def by_shape(profile: TextProfile) -> Personal | None:
    """Return what a column of texts seems to hold by what is counted in it; None if nothing personal.

    Args:
        profile: The column.

    Example:
        >>> by_shape(TextProfile(given=200, mails=3)).because
        '3 of 200 texts have an e-mail address in them'
    """
    given = profile.others
    if profile.secrets:
        return Personal(
            "secrets",
            _RESTRICTED,
            f"{profile.secrets:,} of {given:,} texts have a token or a private key in them",
        )
    if profile.mails:
        return Personal(
            "e-mail addresses",
            _CONFIDENTIAL,
            f"{profile.mails:,} of {given:,} texts have an e-mail address in them",
        )
    for count, what in ((profile.phones, "phone numbers"), (profile.addresses, "addresses of machines")):
        if given and count >= _MOST * given:
            return Personal(what, _CONFIDENTIAL, f"{count:,} of {given:,} texts look like that")
    return None


def by_checksum(texts: Iterable[str], *, looked_for: str) -> Personal | None:
    """Return what a column seems to hold by the checksums of some of its values; None if nothing personal.

    One valid account is enough. Every tenth number has the checksum of a payment card, so nearly all must have it.

    Args:
        texts: Values of the column that have the length and the characters.
        looked_for: `accounts` or `cards`.
    """
    check, what, share = _CHECKS[looked_for]
    known = [check(text) for text in texts]
    if known and sum(known) >= max(1, share * len(known)) and (share == 0 or len(known) >= _FEWEST_CARDS):
        return Personal(what, _RESTRICTED, f"{sum(known)} of {len(known)} values have the checksum")
    return None


def is_bank_account(text: str) -> bool:
    """Return whether a text is an IBAN with a valid checksum (ISO 13616, ISO 7064 MOD 97-10).

    >>> is_bank_account("GB82 WEST 1234 5698 7654 32"), is_bank_account("GB82 WEST 1234 5698 7654 33")
    (True, False)
    """
    plain = text.replace(" ", "").upper()
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", plain):
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def is_card_number(text: str) -> bool:
    """Return whether a text is a number of 13 to 19 digits with a valid checksum (ISO/IEC 7812, Luhn).

    >>> is_card_number("4111 1111 1111 1111"), is_card_number("4111 1111 1111 1112")
    (True, False)
    """
    digits = [int(char) for char in text if char.isdecimal() and char.isascii()]
    if not 13 <= len(digits) <= 19 or not re.fullmatch(r"[0-9 -]+", text):
        return False
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


_CHECKS: dict[str, tuple[Callable[[str], bool], str, float]] = {
    "accounts": (is_bank_account, "bank accounts", 0.0),
    "cards": (is_card_number, "payment cards", 0.9),
}
