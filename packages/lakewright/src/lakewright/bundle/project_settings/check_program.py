"""The program that `check` runs: it imports the project's model and loads `extra` of each environment with it."""

import contextlib
import io
import json
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any


def main(request: str, answer: str) -> None:
    """Write what is wrong to `answer`: with the model (`failure`), or with keys (`problems`)."""
    wanted: dict[str, Any] = json.loads(Path(request).read_text(encoding="utf-8"))
    sys.path[:0] = wanted["sys_path"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        found = _checked(wanted)
    Path(answer).write_text(json.dumps(found), encoding="utf-8")


def _checked(wanted: dict[str, Any]) -> dict[str, Any]:
    try:
        module = import_module(wanted["module"])
    except ModuleNotFoundError as error:
        return {
            "failure": "absent" if _is_part(error.name, wanted["module"]) else "import",
            "text": _text(error),
        }
    except ImportError as error:
        return {"failure": "import", "text": _text(error)}
    except BaseException as error:  # noqa: BLE001 - a module may do anything, exit too
        return {"failure": "broken", "text": _text(error), "place": _place(error, wanted["root"])}
    from pydantic import BaseModel

    model = getattr(module, wanted["name"], None)
    if not isinstance(model, type) or not issubclass(model, BaseModel):
        models = [
            name for name, value in vars(module).items() if _is_own_model(value, module.__name__, BaseModel)
        ]
        return {"failure": "no model", "known": models}
    return {
        "problems": [problem for env in wanted["environments"] for problem in _problems(model, env, wanted)]
    }


def _problems(model: Any, env: str, wanted: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: ANN401 - a pydantic model
    from databricks_utils.config import ConfigLoader
    from databricks_utils.config.errors import ConfigError, ConfigProblemsError, UndefinedVariableError

    try:
        ConfigLoader.load_extra(model, env, wanted["folder"])
    except ConfigError as error:
        problems = error.problems if isinstance(error, ConfigProblemsError) else (error,)
        return [
            {
                "environment": env,
                "summary": problem.summary,
                "detail": problem.detail,
                "location": problem.location,
                "fix": problem.fix,
                "unset": isinstance(problem, UndefinedVariableError),
            }
            for problem in problems
        ]
    return []


def _is_part(missing: str | None, module: str) -> bool:
    """Return whether the module that is missing is the wanted one, or a package that holds it."""
    return missing is not None and f"{module}.".startswith(f"{missing}.")


def _is_own_model(value: object, module: str, base: type) -> bool:
    return isinstance(value, type) and issubclass(value, base) and value.__module__ == module


def _text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]


def _place(error: BaseException, root: str) -> str | None:
    """Return the last line of the project's code that the error passed, as `file:line`."""
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return f"{error.filename}:{error.lineno}"
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(root)
    ]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else None


if __name__ == "__main__":
    main(*sys.argv[1:])
