"""What a job downloads and then runs: the file, or what it unpacks from it, before anything compared a sum or a signature.

Names are followed, not contents: a file by its name, an archive by the folder that it is unpacked to. A check counts for all that was
downloaded before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from lakewright.pipelines.commands import joined, runs_at_once
from lakewright.pipelines.unseen.compared import compares
from lakewright.pipelines.unseen.fetched import fetched_names, is_fetch, words_of
from lakewright.pipelines.unseen.shell import Command, commands

_INTERPRETERS = re.compile(
    r"(?:ba|z|da|k)?sh|python[\d.]*|perl|ruby|node|pwsh|powershell|source|\.|start-process|java"
)
_INSTALLERS = {"dpkg", "rpm", "msiexec", "installer", "pip", "pip3", "apt", "apt-get", "yum", "dnf", "npm"}
_BUILDERS = {"make", "cmake", "ninja", "pip", "pip3", "npm"}
_MOVERS = {"mv", "cp", "install", "ln", "move-item", "copy-item"}
_ARCHIVES = {"tar", "bsdtar", "unzip", "7z", "7za", "expand-archive"}
_COMPRESSED = {"gunzip", "gzip", "unxz", "xz", "bunzip2", "zstd"}
_FOLDER_OPTIONS = ("-C", "--directory", "-d", "-destinationpath")
_PROGRAMS = re.compile(r"^[/~$].*/s?bin(?:/[^/]*)?$")
_HERE = re.compile(
    r"^(?:\./|\$PWD/|\$pwd/|\$GITHUB_WORKSPACE/|\$CI_PROJECT_DIR/|\$Build\.SourcesDirectory/)+"
)
# Folders that hold more than one thing: what is there is an archive's only if it has the archive's name.
_SHARED = re.compile(
    r"|\.\.|/tmp|/opt|/usr/local|~|\$\w*(?:TEMP|TMP|HOME|WORKSPACE)\w*|\$[\w.]*(?:\.temp|Directory)"
)
_PATH = re.compile(r"(?:##vso\[task\.prependpath\]|^PATH=)(.*)", re.IGNORECASE)


FIX = (
    'pin the version, and check the file before anything of it runs: `echo "$SHA256  $FILE" | sha256sum -c -`'
)
_WHAT = ", and nothing compared the download with a sum or a signature"


@dataclass(frozen=True)
class _Unpacked:
    """The folder that an archive was unpacked to, and the words that its name begins with."""

    folder: str
    names: frozenset[str]

    def holds(self, path: str) -> bool:
        """Whether a path leads to something of the archive."""
        inside = (
            path == self.folder or path.startswith(f"{self.folder}/")
            if self.folder
            else not path.startswith(("/", "$", "~"))
        )
        if not inside:
            return False
        below = path.removeprefix(self.folder).strip("/").lower().split("/")
        return not _SHARED.fullmatch(self.folder) or any(
            _alike(part, name) for part in below for name in self.names
        )


def _alike(part: str, name: str) -> bool:
    """Whether a name is that of an archive: `aws` of `awscliv2.zip`, `hugo-linux` of `hugo_1.2.zip`; not `gradlew` of `gradle.zip`."""
    return bool(re.match(rf"{re.escape(name)}(?![a-z])", part)) or (len(part) > 2 and name.startswith(part))


@dataclass
class Downloads:
    """What the steps of one job have downloaded and unpacked so far, unchecked."""

    files: dict[str, frozenset[str]] = field(default_factory=dict)
    unpacked: list[_Unpacked] = field(default_factory=list)

    def step(self, script: str) -> list[str]:
        """Read the next script of the job.

        Returns:
            What it does with a download that nothing was compared with, such as "runs `./aws/install`".
        """
        text = joined(script)
        found = ["runs what it downloads"] if runs_at_once(text) else []
        placed: list[str] = []
        inside = False
        stream: frozenset[str] | None = None  # what a pipe carries of a download: words that tell what it is
        for command, following in pairwise([*commands(text), Command(())]):
            stream = stream if command.piped else None
            if compares(command, handed_on=following.piped):
                self.files.clear()
                self.unpacked.clear()
                inside, placed = False, []  # what lies on PATH may be checked there
            elif is_fetch(command):
                stream = words_of(command)
                placed += self._keep(fetched_names(command), stream)
            elif command.name in {"cd", "pushd", "set-location"}:
                inside = any(self._is_from_download(word) for word in command.arguments)
            else:
                found += self._runs(command, inside=inside)
                placed += self._places(command, stream)
        return [f"{done}{_WHAT}" for done in found + placed]

    def _keep(self, names: tuple[str, ...], words: frozenset[str]) -> list[str]:
        """Remember files; return those that lie among programs."""
        kept = [name for name in names if name and not name.startswith(("/dev/", "$GITHUB", "-", "&"))]
        self.files |= {_path(name): words for name in kept}
        return [f"puts `{name}` among the programs" for name in kept if _PROGRAMS.search(name)]

    def _is_from_download(self, word: str) -> bool:
        path = _path(word)
        return any(_same_file(path, name) for name in self.files) or any(
            archive.holds(path) for archive in self.unpacked
        )

    def _runs(self, command: Command, *, inside: bool) -> Iterator[str]:
        given = command.arguments
        if "/" in command.program and (
            self._is_from_download(command.program) or (inside and command.program.startswith("./"))
        ):
            yield f"runs `{command.program}`"
        elif _INTERPRETERS.fullmatch(command.name) and given and self._is_from_download(given[0]):
            yield f"runs `{given[0]}`"
        elif command.name in _INSTALLERS and (
            files := [word for word in given if re.search(r"[/.]", word) and self._is_from_download(word)]
        ):
            yield f"installs `{files[0]}`"
        elif command.name in _BUILDERS and inside:
            yield f"runs `{' '.join(command.words)}` in what it unpacked"

    def _places(self, command: Command, stream: frozenset[str] | None) -> Iterator[str]:
        if command.name in _ARCHIVES | _COMPRESSED:
            yield from self._unpack(command, stream)
        elif stream is not None:
            yield from self._keep(
                (*command.written, *(command.arguments if command.name == "tee" else ())), stream
            )
        elif command.name in _MOVERS and len(command.arguments) > 1:
            yield from self._move(command)
        for folder in _path_entries(command):
            holds_file = any(_path(folder) == name.rpartition("/")[0] for name in self.files if "/" in name)
            if holds_file or self._is_from_download(folder):
                yield f"puts `{folder}` on PATH"

    def _unpack(self, command: Command, stream: frozenset[str] | None) -> Iterator[str]:
        sources = [word for word in command.arguments if self._is_from_download(word)]
        if not sources and stream is None:
            return
        names = words_of(command).union(stream or (), *(self.files.get(_path(word), ()) for word in sources))
        if command.name in _COMPRESSED:
            plain = tuple(re.sub(r"\.(?:gz|xz|bz2|zst)$", "", word) for word in sources)
            yield from self._keep(command.written or plain, names)
            return
        folder = command.option(*_FOLDER_OPTIONS) or _folder_of(command)
        if _PROGRAMS.search(folder):
            yield f"unpacks it to `{folder}`"
        self.unpacked.append(_Unpacked(_path(folder), names))

    def _move(self, command: Command) -> Iterator[str]:
        target = command.option("-t", "-destination") or command.arguments[-1]
        moved = [word for word in command.arguments if word != target and self._is_from_download(word)]
        if not moved:
            return
        if _PROGRAMS.search(target):
            yield f"puts `{moved[0]}` into `{target}`"
        path, source = _path(target), _path(moved[0])
        if any(archive.holds(source) for archive in self.unpacked):
            self.unpacked.append(_Unpacked(path, frozenset({source.rpartition("/")[2].lower()})))
        else:
            self.files[path] = self.files.get(source, frozenset())


def _same_file(path: str, name: str) -> bool:
    """Whether a path may lead to a file: where folders are named by variables or changed by `cd`, its last part tells."""
    if path.rpartition("/")[2] != name.rpartition("/")[2]:
        return False
    return path == name or "/" in name or "/" not in path or path.startswith(("/", "$", "~"))


def _path(word: str) -> str:
    """Return a path without what says that it is here."""
    return _HERE.sub("", word.strip().rstrip("/*") + "/").rstrip("/") if word.strip("/") else word


def _folder_of(command: Command) -> str:
    """Return the folder that 7z and PowerShell unpack to, without an option of that name."""
    if command.name.startswith("7z"):
        return next((word[2:] for word in command.words if word.startswith("-o")), "")
    return command.arguments[1] if command.name == "expand-archive" and len(command.arguments) == 2 else ""


def _path_entries(command: Command) -> Iterator[str]:
    """Yield the folders that a command puts on PATH."""
    if any("GITHUB_PATH" in name.upper() for name in (*command.written, *command.words)):
        yield from (word for word in command.arguments if "GITHUB_PATH" not in word.upper())
    if command.program.upper() == "$ENV:PATH":
        yield from (part for word in command.arguments for part in word.split(";") if "/" in part)
    for word in command.words:
        if found := _PATH.search(word):
            yield from (
                part for part in re.split(r"[:;]", found[1]) if part.strip("$").upper() not in {"", "PATH"}
            )
