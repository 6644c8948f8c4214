"""What a step depends on besides its data, as hashes: the project's code, its configuration, and the libraries."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import databricks_utils
from databricks_utils.context import Context
from databricks_utils.fingerprint import code_parts, hash_of

# Sections of the configuration that do not change what a step's rows are.
_WITHOUT_EFFECT = {
    "spark",
    "mlflow",
    "principals",
    "alerts",
    "maintenance",
    "monte_carlo",
    "bundle_variables",
}


def define_step(
    context: Context,
    *,
    code: Iterable[Callable[..., Any]] = (),
    parts: Mapping[str, str] | None = None,
    packages: Iterable[str] = (),
) -> dict[str, str]:
    """Return what a step depends on besides its data: name of a part, as a person reads it, → hash.

    Args:
        context: The environment; its configuration counts, except sections such as `spark` and `mlflow`, and except secrets.
        code: Functions that make the step's rows; everything of their own package that they reach counts too.
        parts: Further parts.
        packages: Distributions whose versions count, e.g. `scikit-learn`; this library and pyspark always count.
    """
    found = {"databricks_utils": _library(), "configuration": _configuration(context)}
    found |= {f"package {name}": _installed(name) for name in ("pyspark", *packages)}
    for function in code:
        found |= code_parts(function)
    return found | dict(parts or {})


@cache
def _library() -> str:
    """Return the hash of this library's files: another build of the same version counts as a change."""
    root = Path(databricks_utils.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return hash_of(digest.hexdigest())


def _configuration(context: Context) -> str:
    # `repr`, because that of a secret is stars: the hash of a short secret would tell it.
    plain = context.config.model_dump()
    return hash_of(
        repr(sorted((name, value) for name, value in plain.items() if name not in _WITHOUT_EFFECT))
    )


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
