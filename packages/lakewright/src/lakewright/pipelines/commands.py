"""What the script of a step does, as far as its commands show it."""

import re

# Continued lines are one command; options may stand between the program and what it does.
_DEPLOYS = re.compile(
    r"""\bdatabricks\s+(?:-\S+\s+(?:[^-\s]\S*\s+)?)*bundle\s+(?:deploy|run|destroy|deployment)\b
      |\b(?:terraform|tofu)\s+(?:-\S+\s+)*(?:apply|destroy|import|state\s+(?:rm|mv|push)|taint)\b
      |\binfra/terraform/run\.sh\s+apply\b
      |\b(?:twine\s+upload|uv\s+publish)\b""",
    re.VERBOSE,
)
_PLACES_CODE = re.compile(r"\b(?:curl|wget)\b[^\n]*\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b")


def joined(script: str) -> str:
    """Return a script with its continued lines joined, without its comments."""
    lines = [re.sub(r"(?:^|\s)#.*", "", line) for line in script.splitlines()]
    return re.sub(r"\\\n\s*", " ", "\n".join(lines))


def deploys(script: str) -> str | None:
    """Return the first command of a script that changes a workspace, a cloud or an index; None: there is none."""
    found = _DEPLOYS.search(joined(script))
    return " ".join(found.group().split()) if found else None


def runs_what_it_fetches(script: str) -> bool:
    """Whether a script hands what it downloads to a shell, unseen."""
    return bool(_PLACES_CODE.search(joined(script)))
