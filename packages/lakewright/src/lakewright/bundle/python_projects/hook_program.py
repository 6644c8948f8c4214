"""The program that `build_hook` runs in the project's folder: it asks a build backend for the metadata of the wheel."""

import json
import os
import sys
import zipfile
from importlib import import_module
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path
from typing import Any


def main(backend: str, paths: str, work: str, answer: str) -> None:
    """Write name and entry points to `answer`; a missing backend and an error of it are answers too."""
    sys.path[:0] = [path for path in paths.split(os.pathsep) if path]
    try:
        found = _ask(_load(backend), Path(work), knows_all=backend.startswith("setuptools."))
    except ModuleNotFoundError as error:
        top = backend.partition(":")[0].partition(".")[0]
        found = {"missing": top} if error.name == top else {"error": f"{type(error).__name__}: {error}"}
    except BaseException as error:  # noqa: BLE001 - setup.py may do anything, exit too
        found = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
    Path(answer).write_text(json.dumps(found), encoding="utf-8")


def _load(backend: str) -> Any:  # noqa: ANN401 - a backend is any object with the hooks
    module, _, attributes = backend.partition(":")
    found: Any = import_module(module)
    for attribute in filter(None, attributes.split(".")):
        found = getattr(found, attribute)
    return found


def _ask(backend: Any, work: Path, *, knows_all: bool) -> dict[str, Any]:  # noqa: ANN401 - as above
    """Return the metadata; some backends leave entry points out of it, so without any the wheel is built."""
    if hasattr(backend, "prepare_metadata_for_build_wheel"):
        found = _describe(PathDistribution(work / backend.prepare_metadata_for_build_wheel(str(work))))
        if found["entry_points"] or knows_all:
            return found
    with zipfile.ZipFile(work / backend.build_wheel(str(work))) as wheel:
        wheel.extractall(work / "wheel")
    return _describe(PathDistribution(next((work / "wheel").glob("*.dist-info"))))


def _describe(found: Distribution) -> dict[str, Any]:
    points = {point.name: point.value.partition("[")[0].strip() for point in found.entry_points}
    return {"name": found.metadata["Name"], "entry_points": points}


if __name__ == "__main__":
    main(*sys.argv[1:])
