"""The commands that install packages, wherever the repository writes them."""

import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lakewright.wheels.names import asks_an_index

ROOT = Path(__file__).parents[1]
_WHERE = (
    "*.md",
    "*.jinja",
    "*.sh",
    "*.yml",
    "*.yaml",
    "*.py",
    "*.ipynb",
    "*.toml",
    "*.txt",
    "Makefile",
    ".ci/run",
)
_NOT = (":!requirements", ":!tests", ":!packages/*/tests/*", ":!template/data", ":!examples/*/data")
# A program may fill in the tool and the subcommand: `f"{pip} install {name}"`, `f"{python} -m pip {words} {name}"`.
_FILLED_IN = r"\{[^{}\n]*\}"
_COMMAND = re.compile(
    rf"(?:(?:\S*/)?(?:uv +)?(?:pip3?|%pip|uvx|pipx|uv(?= +(?:add|sync|lock|run|tool)\b))"
    rf"\"? +(?:tool +)?(?:(?:install|download|wheel|add|sync|lock|run|compile)\b|{_FILLED_IN} +(?={_FILLED_IN}))"
    rf"|{_FILLED_IN} +install\b(?= ))[^\n`|&]*"
)
_TAKES_A_VALUE = {
    "-r",
    "-c",
    "-d",
    "-e",
    "-w",
    "-o",
    "-i",
    "-f",
    "--group",
    "--extra",
    "--python",
    "--wheel-dir",
}
_TAKES_A_VALUE |= {
    "--index-url",
    "--extra-index-url",
    "--no-emit-package",
    "--reinstall-package",
    "--with",
    "--from",
}
_SUBCOMMANDS = {
    "uv",
    "pip",
    "pip3",
    "%pip",
    "uvx",
    "pipx",
    "tool",
    "install",
    "download",
    "wheel",
    "add",
    "sync",
}
_SUBCOMMANDS |= {"lock", "run", "compile", "-m"}


@dataclass(frozen=True)
class Written:
    """An install command in a file.

    Attributes:
        place: The file.
        text: The command.
    """

    place: str
    text: str

    @property
    def words(self) -> list[str]:
        """Its words, without what a document says behind it."""
        text = re.sub(r"(?<=\S)[.,;:)]+$", "", re.split(r"\s#|   ", self.text)[0].rstrip())
        for quotes in ("", '"', "'"):
            try:
                return shlex.split(text.rstrip("\"'") + quotes)
            except ValueError:
                continue
        return text.split()

    @property
    def packages(self) -> list[str]:
        """The words that name a package or a file, without options and their values."""
        words = self.words
        return [
            word
            for before, word in zip(["", *words], words, strict=False)
            if before not in _TAKES_A_VALUE
            and word not in _SUBCOMMANDS
            and not (word == words[0] and "{" in word)
        ]

    @property
    def asks_for(self) -> list[str]:
        """Our packages that it names without saying where they come from."""
        return [word for word in self.packages if asks_an_index(word)]


def written_commands(root: Path = ROOT) -> list[Written]:
    """Every install command in the files that git knows."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *_WHERE, *_NOT]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.split("\0")
    files = [root / name for name in listed if name and (root / name).is_file()]
    return [
        Written(file.relative_to(root).as_posix(), found)
        for file in files
        for found in commands_in(file.read_text(encoding="utf-8"))
    ]


def commands_in(text: str) -> list[str]:
    """The install commands in a text; a line that ends with a backslash goes on."""
    return [found.strip() for found in _COMMAND.findall(re.sub(r"\\\n\s*", " ", text))]
