"""The list of mutations: breaks of the example project, each in one place, as `tests/mutations/flights.yaml` has them."""

import ast
import hashlib
import json
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Mutation:
    """One break of a project.

    Attributes:
        name: Its name.
        stage: The part of the project that is broken.
        file: The file, relative to the project.
        text: What is replaced; it is in the file exactly once.
        replacement: What it becomes.
        harm: What a user of the broken project suffers.
        survives: Why the quick tests need not notice it; empty if they must.
    """

    name: str
    stage: str
    file: str
    text: str
    replacement: str
    harm: str
    survives: str = ""

    def applied_to(self, content: str) -> str:
        """Return the broken content of the file.

        Raises:
            ValueError: The text is not in the file exactly once, or the broken file is no valid Python or YAML.
        """
        if (count := content.count(self.text)) != 1:
            raise ValueError(
                f"{self.name}: {self.file} has the text {count} times instead of once: {self.text!r}"
            )
        broken = content.replace(self.text, self.replacement)
        try:
            if self.file.endswith(".py"):
                ast.parse(broken)
            else:
                yaml.safe_load(broken)
        except (SyntaxError, yaml.YAMLError) as error:
            raise ValueError(
                f"{self.name}: {self.file} is not valid any more, which proves nothing: {error}"
            ) from error
        return broken


def read_mutations(path: Path) -> list[Mutation]:
    """Return the mutations in their order."""
    return [Mutation(**entry) for entry in yaml.safe_load(path.read_text(encoding="utf-8"))]


def fingerprint(project: Path, mutation: Mutation | None) -> str:
    """Return a hash of the project's files and of a mutation: a result with another one is out of date."""
    what = None if mutation is None else {**asdict(mutation), "survives": ""}
    digest = hashlib.sha256(json.dumps(what).encode())
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "."],
        cwd=project,
        capture_output=True,
        check=True,
    )
    for name in sorted(filter(None, listed.stdout.decode().split("\0"))):
        path = project / name
        if path.is_file():
            digest.update(name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
