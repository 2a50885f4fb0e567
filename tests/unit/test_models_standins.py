"""The converter's unused imports are stood in for, and a stand-in never does work silently."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

import pytest

from rknn_flake import make_model

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Yield what `import torch` gives where the stand-ins are in force."""
    before = set(sys.modules)
    monkeypatch.setattr(sys, "meta_path", [make_model._Finder(), *sys.meta_path])
    yield importlib.import_module("torch")
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in make_model.ABSENT:
            del sys.modules[name]


def test_stand_in_can_be_imported_inherited_from_and_used_as_decorator(torch: Any) -> None:  # noqa: ANN401
    layer = importlib.import_module("torch.nn")

    class Rounding(layer.Module):  # type: ignore[name-defined, misc]
        pass

    def work() -> int:
        return 1

    assert torch.no_grad()(work) is work
    assert not isinstance(1, torch.Tensor)
    assert issubclass(Rounding, object)


def test_calling_a_stand_in_fails_with_its_name(torch: Any) -> None:  # noqa: ANN401
    with pytest.raises(NotImplementedError, match=r"torch\.zeros, which is a stand-in"):
        torch.zeros(3)


@pytest.mark.usefixtures("torch")
def test_other_modules_are_not_stood_in_for() -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("torchvision_that_is_not_there")
