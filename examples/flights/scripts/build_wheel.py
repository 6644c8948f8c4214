"""Makes the wheels of a deployment: builds them, or takes those of a release that was built and tested before.

databricks.yml names this file as the build command; the Databricks CLI runs it for `databricks bundle plan` and `databricks bundle deploy`.
LAKEWRIGHT_RELEASE names the folder of a release (`lakewright release build -o FOLDER`): its wheels are taken, byte for byte.
"""

import json
import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VARIABLE = "LAKEWRIGHT_RELEASE"


def main() -> None:
    """Fill `dist/`."""
    # Older wheels go first: of several, a deployment takes the greatest version, which for hashes of the content means any.
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    if release := os.environ.get(VARIABLE):
        take(Path(release), ROOT)
    else:
        build(ROOT)


def build(root: Path) -> None:
    """Build the project's wheel."""
    command = ["pip", "wheel", "--no-deps", "--wheel-dir", "dist", "."]
    subprocess.run(command, cwd=root, check=True)  # noqa: S603 - from a list; pip is the user's


def take(release: Path, root: Path) -> None:
    """Copy the wheels of a release to where the jobs' libraries name them.

    Raises:
        SystemExit: The folder holds no release, or a wheel is not the one that was built; nothing is deployed.
    """
    try:
        wheels = json.loads((release / "release.json").read_text(encoding="utf-8"))["wheels"]
        hashes = {str(each["path"]): each["sha256"] for each in wheels}
        outside = [path for path in hashes if not (root / path).resolve().is_relative_to(root.resolve())]
        contents = {} if outside else {path: (release / path).read_bytes() for path in hashes}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SystemExit(f"{VARIABLE}={release} holds no release that can be read: {error}") from error
    if outside:
        raise SystemExit(f"{outside[0]} of {release} leads out of the project")
    for path, content in contents.items():
        if sha256(content).hexdigest() != hashes[path]:
            raise SystemExit(f"{release / path} is not the wheel that was built: deploy the folder as it was tested")
    for path, content in contents.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


if __name__ == "__main__":
    main()
