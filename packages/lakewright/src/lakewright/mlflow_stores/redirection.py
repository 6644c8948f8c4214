"""Lets `databricks` and `databricks-uc` mean the project's own stores, wherever MLflow resolves an address.

MLflow takes 0.5 s and more to import, and most tasks do not use it: the functions are replaced when they are imported. If
they are there already, they are replaced in every module that holds them.
"""

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from lakewright.mlflow_stores.places import artifact_root, default_store, local_uri

_TRACKING = "mlflow.tracking._tracking_service.utils"
_REGISTRY = "mlflow.tracking._model_registry.utils"
_ARTIFACTS = "mlflow.store.artifact.artifact_repository_registry"
_Say = Callable[[str], None]


class Redirection:
    """Replaces MLflow's functions that resolve an address.

    Attributes:
        say: Is called once, with a remark, when a workspace's address was redirected.
    """

    def __init__(self) -> None:
        self.say: _Say | None = None
        self._said = False

    def install(self) -> None:
        """Replace them now, or when MLflow is imported."""
        for name, replace in _REPLACEMENTS.items():
            module = sys.modules.get(name)
            if module is not None:
                replace(self, module)
        if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
            sys.meta_path.insert(0, _Finder(self))

    def local(self, uri: Any) -> Any:
        """The local store in a workspace's place; any other address as it is."""
        found = local_uri(uri if isinstance(uri, str) else None)
        if found is None:
            return uri
        if self.say is not None and not self._said:
            self._said = True
            self.say(
                f"MLflow's `{uri}` means this project's own stores below .lakewright here; no workspace is contacted"
            )
        return found

    def in_tracking(self, module: ModuleType) -> None:
        """Replace the functions for the tracking store, and the builder of the sqlite store."""
        names = ("set_tracking_uri", "get_tracking_uri", "_resolve_tracking_uri")
        set_uri, get_uri, resolve = (getattr(module, name) for name in names)
        is_set = module.is_tracking_uri_set
        if hasattr(set_uri, "__wrapped__"):
            return
        self._put(module, set_uri, lambda uri: set_uri(self.local(uri)))
        self._put(
            module, get_uri, lambda: self.local(get_uri()) if is_set() else default_store() or get_uri()
        )
        self._put(module, resolve, lambda tracking_uri=None: self.local(resolve(tracking_uri)))
        self._in_stores(module)

    @staticmethod
    def _in_stores(module: ModuleType) -> None:
        """Let the sqlite store put artifacts below the project; before 3.10 MLflow reads no variable for their folder."""
        build = module._get_sqlalchemy_store
        module._tracking_store_registry.register(
            "sqlite", lambda store_uri, artifact_uri=None: build(store_uri, artifact_uri or artifact_root())
        )

    def in_registry(self, module: ModuleType) -> None:
        """Replace the functions for the model registry."""
        set_uri, resolve = module.set_registry_uri, module._resolve_registry_uri
        if hasattr(set_uri, "__wrapped__"):
            return
        self._put(module, set_uri, lambda uri: set_uri(self.local(uri)))
        self._put(
            module,
            resolve,
            lambda registry_uri=None, tracking_uri=None: self.local(resolve(registry_uri, tracking_uri)),
        )

    def in_artifacts(self, module: ModuleType) -> None:
        """Replace the function that opens the artifacts of a run or of a model."""
        open_artifacts = module.get_artifact_repository
        if hasattr(open_artifacts, "__wrapped__"):
            return
        self._put(
            module,
            open_artifacts,
            lambda artifact_uri, tracking_uri=None, registry_uri=None: open_artifacts(
                artifact_uri, self.local(tracking_uri), self.local(registry_uri)
            ),
        )

    @staticmethod
    def _put(module: ModuleType, before: Callable[..., Any], after: Callable[..., Any]) -> None:
        after.__name__, after.__doc__ = before.__name__, before.__doc__
        after.__wrapped__ = before  # type: ignore[attr-defined]  # as functools.wraps sets it
        holders = [item for name, item in list(sys.modules.items()) if name.partition(".")[0] == "mlflow"]
        for holder in {id(item): item for item in [module, *holders]}.values():
            for name in [name for name, value in vars(holder).items() if value is before]:
                setattr(holder, name, after)


_REPLACEMENTS = {
    _TRACKING: Redirection.in_tracking,
    _REGISTRY: Redirection.in_registry,
    _ARTIFACTS: Redirection.in_artifacts,
}


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the two modules as Python would, and changes them after they were executed."""

    def __init__(self, redirection: Redirection) -> None:
        self._redirection = redirection

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        replace = _REPLACEMENTS.get(fullname)
        if replace is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                replace(self._redirection, module)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]  # the loader of one module
        return spec


redirection = Redirection()
