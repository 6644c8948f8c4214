"""Check the user's JVM options without the engine's own: with those, Java would ignore an unknown option."""

import os
import re
import subprocess
from pathlib import Path

from lakewright.engine.errors import JvmOptionError
from lakewright.engine.installation.java import Java
from lakewright.engine.jvm.environment import without_option_variables
from lakewright.engine.settings.engine_settings import EngineSettings

_KEY = "spark.engine.jvm_options"
_SECONDS = 30
# Not checked: these act at the start of a JVM (open a port, wait for a debugger, write a recording).
_ACTIVE = ("-agentlib:", "-agentpath:", "-javaagent:", "-Xrun", "-Xdebug", "-XX:StartFlightRecording")
_ENDING = ("Error: Could not create the Java Virtual Machine.", "Error: A fatal exception has occurred.")
_NAMED = re.compile(r"'(?:\(\+/-\))?([^']+)'|(?:option|class):? ([^\s']+)")


def check_jvm_options(java: Java, settings: EngineSettings, *, folder: Path) -> None:
    """Run `java -version` with the options, if there are any.

    Args:
        java: The engine's runtime.
        settings: The engine's settings.
        folder: The engine's working folder: an option may name a file.

    Raises:
        JvmOptionError: Java refuses an option; the error names the option and its place.
    """
    tried = [option for option in settings.jvm_options if not option.startswith(_ACTIVE)]
    if not tried:
        return
    environment = without_option_variables(os.environ)
    command = [str(java.executable), f"-Xmx{settings.memory}", *tried, "-version"]
    try:
        answer = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
            env=environment,
            cwd=folder,
        )
    except subprocess.TimeoutExpired:  # Java refuses an unknown option at once
        return
    if answer.returncode != 0:
        raise _refusal(settings, tried, answer.stderr + answer.stdout)


def _refusal(settings: EngineSettings, tried: list[str], answer: str) -> JvmOptionError:
    for ending in _ENDING:
        answer = answer.replace(f"{ending} Program will exit.", "").replace(ending, "")
    words = "\n".join(line.strip() for line in answer.splitlines() if line.strip())
    option = _meant(tried, words)
    return JvmOptionError(
        f"Java refuses `{option}`, one of `{_KEY}`" if option else f"Java refuses `{_KEY}`",
        detail=f"its message:\n{words}",
        location=settings.place_of(_KEY),
        fix="correct it, or remove it; `java -XX:+PrintFlagsFinal -version` lists the options of this Java",
    )


def _meant(tried: list[str], words: str) -> str | None:
    """Return the option that Java's message names; the message may contain only a part of the option."""
    for quoted, bare in _NAMED.findall(words):
        found = [option for option in tried if (quoted or bare) in option]
        if found:
            return found[0]
    return None
