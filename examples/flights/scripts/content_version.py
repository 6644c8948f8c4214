"""The version of this project's wheel: the release, and a hash of what the wheel is made of.

A changed source gives another file name, so that no cluster and no serverless environment keeps on using an older wheel; an unchanged one
gives the same, so that a deployment has nothing to do. `pyproject.toml` names this file (`[tool.hatch.version]`).
"""

from hashlib import sha256
from pathlib import Path

RELEASE = "0.1.0"
PARTS = ("src", "contracts", "pyproject.toml")
ROOT = Path(__file__).resolve().parents[1]


def content_version(root: Path = ROOT) -> str:
    """Return `<release>+c<hash>` of the files that go into the wheel."""
    digest = sha256()
    for path in sorted(_files(root), key=lambda each: each.relative_to(root).as_posix()):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode() + content)
    return f"{RELEASE}+c{digest.hexdigest()[:12]}"


def _files(root: Path) -> list[Path]:
    found = [path for part in PARTS for path in (root / part, *(root / part).rglob("*")) if path.is_file()]
    return [path for path in found if "__pycache__" not in path.parts and path.suffix != ".pyc"]
