"""A Java home for Spark's own launcher, which requests a module that slim runtimes lack."""

import re
import subprocess

from lakewright.engine.installation.cache import cache_folder

_WRAPPER = """#!/usr/bin/env bash
# Spark requests a module that this Java runtime does not have; all other arguments are passed on.
arguments=()
for argument in "$@"; do
  [ "$argument" = "--add-modules=jdk.incubator.vector" ] || arguments+=("$argument")
done
exec "{java}" "${{arguments[@]}}"
"""


def launcher_home(java):
    """The runtime's own home, or that of a `bin/java` in the cache that leaves the request out."""
    listed = subprocess.run([java.executable, "--list-modules"], capture_output=True, text=True, check=True)
    if "jdk.incubator.vector" in listed.stdout:
        return java.home
    home = cache_folder() / "java" / re.sub(r"[^A-Za-z0-9]+", "_", str(java.home))
    wrapper = home / "bin" / "java"
    wrapper.parent.mkdir(parents=True, exist_ok=True)
    wrapper.write_text(_WRAPPER.format(java=java.executable), encoding="utf-8")
    wrapper.chmod(0o755)
    return home
