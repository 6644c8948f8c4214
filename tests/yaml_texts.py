"""Texts that nobody would write: signs of YAML in random order, and files with random mistakes."""

import random
from collections.abc import Iterator, Sequence

SIGNS = (
    *("a", "b", "c d", "1", "true", "~", "é", "\u3000", "\xa0", "<<", ".5", "-1", "0x1", ".NaN", "x:y", "http://x/y", "$ref"),
    *(": ", ":", " ", "  ", "\n", "\n  ", "\n    ", "\n\n", "\n- ", "\n  - ", "- ", "-", "#", " # c", "\t", "\r\n", "\r"),
    *("'", '"', "'x'", '"y"', "''", '\\"', "\\", "\\\n", "\\n", "[", "]", "{", "}", ", ", ",", "key: v", "\nk: "),
    *("|\n", "|-\n", ">\n", ">+\n", "a:\n  ", "b: |\n    ", "?", "? ", "&x", "*x", "!", "%", "@", "`", "=", "|"),
    *("---", "\n---\n", "---\n", "...", "\n..."),
)  # fmt: skip


def random_texts(dice: random.Random, count: int) -> Iterator[str]:
    """Yield so many texts of random signs."""
    for _ in range(count):
        text = "".join(dice.choice(SIGNS) for _ in range(dice.randint(2, 20)))
        yield f"k: {text}" if dice.random() < 0.5 else text


def broken_texts(dice: random.Random, count: int, files: Sequence[str]) -> Iterator[str]:
    """Yield so many parts of files, each with up to three random changes."""
    for _ in range(count):
        lines = dice.choice(files).split("\n")
        start = dice.randrange(len(lines))
        part = lines[start : start + dice.randint(2, 14)]
        margin = min((len(line) - len(line.lstrip(" ")) for line in part if line.strip(" ")), default=0)
        text = "\n".join(line[margin:] for line in part) + dice.choice(("\n", "\n", "", "\n\n"))
        for _ in range(dice.choice((0, 1, 1, 1, 2, 3))):
            text = _changed(dice, text)
        yield text


def _changed(dice: random.Random, text: str) -> str:
    at = dice.randrange(len(text) + 1)
    if dice.random() < 0.3:
        return text[:at] + text[at + dice.randint(1, 4) :]
    return text[:at] + dice.choice(SIGNS) + text[at + dice.randint(0, 1) :]
