"""Work that has to wait until a module has been imported."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class _Waiting(MetaPathFinder):
    def __init__(self, name: str, work: Callable[[ModuleType], None]) -> None:
        self.name = name
        self.work = work

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None:
            return None
        plain = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            plain(module)
            sys.meta_path.remove(self)
            self.work(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def after_import(name: str, work: Callable[[ModuleType], None]) -> None:
    """Call `work` with the module `name`: now if it is there, or as soon as it is imported."""
    present = sys.modules.get(name)
    if present is None:
        sys.meta_path.insert(0, _Waiting(name, work))
    else:
        work(present)
