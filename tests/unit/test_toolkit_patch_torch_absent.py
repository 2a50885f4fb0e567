"""Without torch the toolkit can be imported, and says what is missing when torch is called."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from toolkit_patches import torch_absent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytest_plugins = ["unit.toolkit_fixtures"]

REASON = "TorchScript models need torch, and this rknn-toolkit2 was built without it"


@pytest.fixture
def torch(installed: Path) -> Any:  # noqa: ANN401
    """Return the stand-in, as `import torch` gives it."""
    del installed
    with pytest.raises(ModuleNotFoundError):
        import_module("torch")
    assert torch_absent.apply() is True
    return import_module("torch")


def test_what_the_toolkit_does_at_its_start_works(torch: Any) -> None:  # noqa: ANN401
    functional = import_module("torch.nn.functional")
    assert functional.__name__ == "torch.nn.functional"

    class Layer(torch.nn.Module):  # type: ignore[misc]
        @torch.no_grad()  # type: ignore[untyped-decorator]
        def forward(self) -> int:
            return 3

    assert Layer.forward(None) == 3
    assert not isinstance(3, torch.Tensor)
    assert REASON in torch.__version__


@pytest.mark.parametrize(
    "call", [lambda torch: torch.jit.load("x.pt"), lambda torch: torch.Tensor(3)]
)
def test_calling_it_says_what_is_missing(torch: Any, call: Callable[[Any], object]) -> None:  # noqa: ANN401
    with pytest.raises(NotImplementedError, match=REASON):
        call(torch)


def test_python_own_names_are_not_made_up(torch: Any) -> None:  # noqa: ANN401
    for owner in (torch, torch.jit):
        with pytest.raises(AttributeError):
            _ = owner.__wrapped__


def test_other_modules_are_not_made_up(torch: Any) -> None:  # noqa: ANN401
    del torch
    for name in ("torchvision", "tensorflow"):
        with pytest.raises(ModuleNotFoundError):
            import_module(name)


def test_a_torch_that_is_there_is_left_alone(installed: Path) -> None:
    (installed / "torch.py").write_text("own = True\n")
    before = list(sys.meta_path)
    assert torch_absent.apply() is False
    assert sys.meta_path == before
    assert import_module("torch").own is True
    assert torch_absent.apply() is False
