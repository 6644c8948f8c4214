"""Which words of a program's command line are files that it changes; all others are read.

What a program does with a path is known for those of the tables. Any other program is taken to read what it is given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ksh"})
# All files in their arguments.
_ALL = frozenset(
    {
        *(
            "chgrp",
            "chmod",
            "chown",
            "fallocate",
            "ln",
            "mkdir",
            "mkfifo",
            "mv",
            "patch",
            "rm",
            "rmdir",
            "setfacl",
        ),
        *("shred", "split", "tee", "touch", "truncate", "unlink"),
        *("ed", "ex", "nano", "vi", "vim"),
    }
)
_TREES = frozenset({"chgrp", "chmod", "chown", "find", "ln", "mv", "rm", "rsync", "setfacl"})
# The last file, or the folder of an option.
_LAST = frozenset({"cp", "install", "rsync", "scp"})
# All files, in place, unless an option lets them write to the standard output or look only.
_PACKERS = frozenset(
    {
        *("bunzip2", "bzip2", "compress", "gunzip", "gzip", "lz4", "lzma"),
        *("uncompress", "unlzma", "unxz", "unzstd", "xz", "zstd"),
    }
)
_LOOKS = {
    **dict.fromkeys(_PACKERS, re.compile(r"-[A-Za-z0-9]*[clt]|--(?:stdout|to-stdout|list|test)")),
    "sqlite3": re.compile(r"--?readonly"),
}
# By the program: an option that makes it change or remove all of its files, or give them another name.
_IN_PLACE = {
    "awk": re.compile(r"-i|--include"),
    "cp": re.compile(r"-[A-Za-z]*[ls][A-Za-z]*|--link|--symbolic-link"),
    "find": re.compile(r"-(?:delete|exec|execdir|ok|okdir)"),
    "gawk": re.compile(r"-i|--include"),
    "perl": re.compile(r"-[A-Za-z0-9]*i.*"),
    "rsync": re.compile(r"--remove-source-files|--link-dest.*|--delete.*"),
    "ruby": re.compile(r"-[A-Za-z0-9]*i.*"),
    "sed": re.compile(r"-[A-Za-z]*i.*|--in-place.*"),
    "tar": re.compile(r"--remove-files"),
    "zip": re.compile(r"-[A-Za-z0-9]*m[A-Za-z0-9]*|--move"),
}
# By the program: options whose value is written.
_OUTPUTS = {
    "cp": ("-t", "--target-directory"),
    "dd": ("of",),
    "curl": ("-o", "-D", "-c", "--output", "--output-dir", "--dump-header", "--cookie-jar"),
    "find": ("-fprint", "-fprint0", "-fprintf", "-fls"),
    "install": ("-t", "--target-directory"),
    "openssl": ("-out",),
    "sort": ("-o", "--output"),
    "unzip": ("-d",),
    "wget": ("-O", "-P", "-o", "-a", "--output-document", "--directory-prefix"),
}
_TAR_CREATES = re.compile(r"-[A-Za-z]*[cruA][A-Za-z]*|--(?:create|append|update|delete|concatenate)")
# These run the program that is named after them.
_RUNNERS = frozenset(
    {
        *(
            "!",
            "do",
            "else",
            "eval",
            "exec",
            "if",
            "parallel",
            "then",
            "time",
            "until",
            "while",
            "xargs",
            "{",
        ),
        *("busybox", "command", "env", "ionice", "nice", "nohup", "stdbuf", "sudo", "timeout"),
    }
)
_ASSIGNMENT = re.compile(r"\w+\+?=.*", re.DOTALL)
_CHANGING = _ALL | _LAST | _IN_PLACE.keys() | _OUTPUTS.keys() | _LOOKS.keys()


def changes_trees(words: Sequence[str]) -> bool:
    """Return whether a program removes or changes a folder with all that is in it, or gives it another name.

    Args:
        words: The program and its arguments, without quotes.
    """
    start = _program_at(words)
    return start < len(words) and PurePath(words[start]).name in _TREES


def is_changing(name: str) -> bool:
    """Return whether a program of this name may change files."""
    return PurePath(name).name in _CHANGING


def changed(words: Sequence[str]) -> list[bool]:
    """Return for each word of a command line whether it is a file that the program changes.

    Args:
        words: The program and its arguments, without quotes.
    """
    start = _program_at(words)
    own = words[start:]
    found = _of_program(PurePath(own[0]).name, own) if own else set()
    return [at - start in found for at in range(len(words))]


def _program_at(words: Sequence[str]) -> int:
    """Return the place of the program: after assignments, and after programs that run it."""
    at = 0
    while at < len(words) and _ASSIGNMENT.fullmatch(words[at]):
        at += 1
    if at < len(words) and PurePath(words[at]).name in _RUNNERS:
        named = (place for place in range(at + 1, len(words)) if is_changing(words[place]))
        return next(named, at)
    return at


def _of_program(name: str, words: Sequence[str]) -> set[int]:
    """Return the places of the files that a program changes."""
    files = [at for at, word in enumerate(words) if at and not word.startswith("-")]
    in_place, looks = _IN_PLACE.get(name), _LOOKS.get(name)
    if name in _ALL or (in_place and any(in_place.fullmatch(word) for word in words[1:])):
        return set(range(1, len(words)))
    if looks:
        return set() if any(looks.fullmatch(word) for word in words[1:]) else set(files)
    if name == "tar":
        return _of_tar(words)
    if name == "zip":
        return set(files[:1])
    outputs = _values(words, _OUTPUTS.get(name, ()))
    return outputs or (set(files[-1:]) if name in _LAST else set())


def _of_tar(words: Sequence[str]) -> set[int]:
    """Return the archive that is made, or the folder that gets its content; the first argument may lack its dash."""
    plain = [f"-{word}" if at == 1 and not word.startswith("-") else word for at, word in enumerate(words)]
    creates = any(_TAR_CREATES.fullmatch(word) for word in plain[1:])
    return _values(plain, ("-f", "--file") if creates else ("-C", "--directory"))


def _values(words: Sequence[str], options: Sequence[str]) -> set[int]:
    """Return the places of the values of options, which follow them, or are in the same word."""
    found = set()
    for option in options:
        is_short = (
            len(option) == 2 and option[0] == "-"
        )  # -o: may stand behind other letters, and before its value
        letters = rf"-[A-Za-z0-9]*{option[1]}" if is_short else re.escape(option)
        alone, joined = re.compile(letters), re.compile(rf"{letters}=?/.*" if is_short else f"{letters}=.*")
        for at, word in enumerate(words):
            if alone.fullmatch(word) and at + 1 < len(words):
                found.add(at + 1)
            elif joined.fullmatch(word):
                found.add(at)
    return found
