"""A toolkit built without torch: "ModuleNotFoundError: No module named 'torch'".

torch is gigabytes and imported at the start; but only models of its own need it.
"""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

REASON = "TorchScript models need torch, and this rknn-toolkit2 was built without it"


class _Absent(type):
    """A class of torch to inherit from or ask isinstance of, not to make anything of."""

    def __getattr__(cls, name: str) -> object:
        return _attribute(cls.__name__, name)

    def __call__(cls, *_args: object, **_keywords: object) -> object:
        raise NotImplementedError(f"{REASON} ({cls.__name__} was called)")


def _attribute(owner: str, name: str) -> _Absent:
    """Return the stand-in for whatever torch has under that name."""
    if name.startswith("__"):
        raise AttributeError(name)
    return _Absent(f"{owner}.{name}", (), {})


class _StandIn(ModuleType):
    # What load_pytorch names when torch.jit.load has failed.
    __version__ = f"none: {REASON}"

    def __getattr__(self, name: str) -> object:
        if name == "no_grad":  # a decorator in the toolkit's own modules: @torch.no_grad()
            return lambda: lambda function: function
        return _attribute(self.__name__, name)


class _Finder(MetaPathFinder, Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname.partition(".")[0] != "torch":
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        del module


def apply() -> bool:
    """Offer a stand-in that says so when it is called; False where torch is there."""
    if "torch" in sys.modules or find_spec("torch") is not None:
        return False
    sys.meta_path.append(_Finder())
    return True
