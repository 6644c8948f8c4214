"""Whether a command compares a download with a sum or a signature. A sum that is only printed is compared with nothing."""

import re

from lakewright.pipelines.unseen.shell import Command

_SUM = r"(?:sha(?:1|224|256|384|512)?sum|shasum|b2sum|openssl dgst)"
_TAKES_SUM = re.compile(rf"{_SUM}\b")
# In a condition or a variable: `[ "$(sha256sum x | cut -c1-64)" = "$SHA" ]`.
_INSIDE = re.compile(rf"(?:\$\(|`)\s*{_SUM}\b")
_VERIFIES = re.compile(
    r"(?:minisign|slsa-verifier|openssl dgst .*-verify|cosign verify\S*|gh attestation verify|gpgv2?|gpg2? .*--verify)\b"
)
_PRINTS = {"echo", "printf"}


def compares(command: Command, *, handed_on: bool) -> bool:
    """Return whether a command compares a sum or a signature.

    Args:
        command: The command.
        handed_on: Whether the next command reads what it writes.
    """
    text = " ".join((command.name, *command.words[1:]))
    if _VERIFIES.match(text) or "get-filehash" in text.lower():
        return True
    if _TAKES_SUM.match(text):
        checks = any(re.fullmatch(r"-[a-z]*c|--check", word) for word in command.words)
        return checks or handed_on or bool(command.written)
    return command.name not in _PRINTS and bool(_INSIDE.search(text))
