"""Make and correct the labels of .github/labels.yml with the GitHub CLI; no label is deleted.

    python scripts/sync_labels.py [FILE]

Without GH_REPO, gh asks the remote of this folder which repository is meant. A second run changes nothing.
"""

import re
import subprocess
import sys
from pathlib import Path

import yaml

FILE = Path(".github/labels.yml")
FIELDS = {"name", "color", "description"}


def read_labels(file: Path) -> list[dict[str, str]]:
    """Return the labels of a file.

    Raises:
        ValueError: GitHub would refuse one, or two have the same name; GitHub does not tell upper from lower case in names.
    """
    labels = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - texts only: a color is no number
    if not isinstance(labels, list):
        raise ValueError(f"{file}: not a list of labels")
    names = set()
    for label in labels:
        if (
            not isinstance(label, dict)
            or set(label) != FIELDS
            or not all(isinstance(text, str) for text in label.values())
        ):
            raise ValueError(f"{file}: {label} is not {{name, color, description}}")
        name, color, description = (label[field] for field in ("name", "color", "description"))
        if not 0 < len(name) <= 50 or name.startswith("-"):
            raise ValueError(f"{file}: the name {name!r} is empty, longer than 50 signs or begins with -")
        if name.casefold() in names:
            raise ValueError(f"{file}: two labels are named {name}")
        if not re.fullmatch(r"[0-9a-fA-F]{6}", color):
            raise ValueError(f"{file}: the color {color!r} of {name} is not six hexadecimal digits without #")
        if not 0 < len(description) <= 100:
            raise ValueError(f"{file}: the description of {name} is empty or longer than 100 signs")
        names.add(name.casefold())
    return labels


def main(arguments: list[str]) -> int:
    """Make or correct each label; 2 if the file is wrong, gh's exit code if gh fails."""
    try:
        labels = read_labels(Path(arguments[0]) if arguments else FILE)
    except (OSError, ValueError, yaml.YAMLError) as error:
        print(f"error: {error}\n  fix: correct the file; no label was changed", file=sys.stderr)
        return 2
    for label in labels:
        command = [
            "gh",
            "label",
            "create",
            label["name"],
            "--color",
            label["color"],
            "--description",
            label["description"],
        ]
        done = subprocess.run([*command, "--force"], check=False)  # noqa: S603 - a list, and no shell
        if done.returncode:
            print(f"error: gh could not make or correct the label {label['name']}", file=sys.stderr)
            return done.returncode
    print(f"{len(labels)} labels are as {FILE.name} says")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
