"""What a command downloads, and what it calls it."""

import re

from lakewright.pipelines.unseen.shell import Command

_FETCHERS = {"curl", "wget", "iwr", "invoke-webrequest", "irm", "invoke-restmethod", "start-bitstransfer"}
# Words of addresses that say nothing about what is downloaded.
_GENERAL = re.compile(
    r"v|archive|archives|releases?|download|downloads|latest|main|master|refs|tags|heads|file|\$.*|[\w-]*\.[a-z]{2,3}"
)


def is_fetch(command: Command) -> bool:
    """Whether a command downloads something."""
    return command.name in _FETCHERS


def fetched_names(command: Command) -> tuple[str, ...]:
    """Return the files that a download is written to; none if it is handed on."""
    if command.written:
        return command.written
    if given := _output(command):
        return () if given == "-" else (given,)
    last = tuple(_last(address) for address in _addresses(command))
    if command.name == "wget" or any(
        re.fullmatch(r"-[a-zA-Z]*O|--remote-name(?:-all)?", word) for word in command.words
    ):
        folder = command.option("-P", "--directory-prefix", "--output-dir")
        return tuple(f"{folder}/{name}" if folder else name for name in last)
    return ()


def words_of(command: Command) -> frozenset[str]:
    """Return the words that tell what a command downloads: `terraform` of `terraform_1.9.zip`; else those of its address."""
    files = [name.rpartition("/")[2] for name in (*fetched_names(command), *map(_last, _addresses(command)))]
    files += [word.rpartition("/")[2] for word in command.arguments if "://" not in word]
    found = {_word(name) for name in files} - {""}
    if not any(_tells(word) for word in found):
        found |= {_word(part) for address in _addresses(command) for part in address.split("/")[3:]}
    return frozenset(word for word in found if _tells(word))


def _tells(word: str) -> bool:
    return len(word) > 1 and not _GENERAL.fullmatch(word)


def _word(name: str) -> str:
    """Return the letters and digits that a name begins with, in lower case; without a version that follows at once."""
    found = re.match(r"[a-z][a-z0-9]*", name.lower())
    return re.sub(r"(?<=[a-z])\d+$", "", found.group()) if found else ""


def _addresses(command: Command) -> list[str]:
    return [re.sub(r"[?#].*", "", word) for word in command.words if re.match(r"\w+://|\$[\w.]+/", word)]


def _last(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def _output(command: Command) -> str | None:
    """Return the file that an option names: `-o x`, `-sSLo x`, `-ox`, `--output=x`; `-O x` for wget; `-OutFile x` of PowerShell."""
    if named := command.option("--output", "--output-document", "-outfile", "-destination"):
        return named
    letter = "O" if command.name == "wget" else "o"
    for index, word in enumerate(command.words):
        if found := re.fullmatch(rf"-[a-zA-Z]*?{letter}(.*)", word):
            return found[1] or next(iter(command.words[index + 1 : index + 2]), None)
    return None
