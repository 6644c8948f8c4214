"""Compare an installation with a runtime."""

from collections.abc import Mapping
from dataclasses import dataclass

from packaging.specifiers import SpecifierSet

from lakewright.runtimes.left_free import LEFT_FREE
from lakewright.runtimes.library_list import Runtime


@dataclass(frozen=True)
class Difference:
    """A library that is installed in another version than the runtime has.

    Attributes:
        library: Its normalised name.
        here: The installed version.
        there: The runtime's version; may end in `.*`.
    """

    library: str
    here: str
    there: str


def compared(runtime: Runtime, installed: Mapping[str, str], own: frozenset[str]) -> set[str]:
    """Return the names of the libraries that `differences` compares."""
    return (runtime.libraries.keys() & installed.keys()) - own - LEFT_FREE.keys()


def differences(
    runtime: Runtime, installed: Mapping[str, str], own: frozenset[str]
) -> tuple[Difference, ...]:
    """Return the installed libraries whose version is not the runtime's, sorted by name.

    Args:
        runtime: The runtime.
        installed: Normalised name → version of what is installed here.
        own: Normalised names of libraries that the project itself pins: its jobs install that version.
    """
    return tuple(
        Difference(name, installed[name], runtime.libraries[name])
        for name in sorted(compared(runtime, installed, own))
        if not SpecifierSet(f"=={runtime.libraries[name]}").contains(installed[name], prereleases=True)
    )
