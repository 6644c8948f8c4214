"""The classes of characters that Java has names for, in the words of ECMAScript."""

# Classes of ASCII, as what stands between brackets.
ASCII = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "XDigit": "0-9a-fA-F",
    "Blank": r" \t",
    "Space": r" \t\n\x0b\f\r",
    "Punct": r"!-\/:-@\[-`\{-~",
    "ASCII": r"\x00-\x7f",
}
# Blanks in a line, and ends of lines.
BLANKS = {"h": r" \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000", "v": r"\n\x0b\f\r\x85\u2028\u2029"}

_CATEGORIES = (
    "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Cs Co Cn"
)
_BINARY = "Alphabetic Ideographic Uppercase Lowercase White_Space"
_SCRIPTS = "Latin Greek Cyrillic Han Hiragana Katakana Hangul Arabic Hebrew Thai Devanagari"


def unicode_property(name: str) -> str | None:
    r"""Return what ECMAScript writes between the braces of `\p{…}` for a class of Java; None if it is not known here.

    >>> unicode_property("Lu"), unicode_property("IsLatin"), unicode_property("IsAlphabetic"), unicode_property("InGreek")
    ('Lu', 'Script=Latin', 'Alphabetic', None)
    """
    bare = name.removeprefix("Is")
    if bare in _CATEGORIES.split():
        return bare
    if bare == name:
        return None
    if bare in _BINARY.split():
        return bare
    return f"Script={bare}" if bare in _SCRIPTS.split() else None
