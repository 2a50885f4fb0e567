"""Of programs in Python, only what toPythonModule makes a module is one for other packages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from expressions import pkgs_expression

if TYPE_CHECKING:
    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

MODULE = "(p.python3Packages.toPythonModule p.rknn.ready)"


def evaluated(nix: Nix, expression: str) -> Any:  # noqa: ANN401  # whatever JSON holds
    return nix.eval_expression(f"let p = {pkgs_expression()}; in {expression}")


def packages_of_environment(nix: Nix, package: str) -> str:
    return str(evaluated(nix, f"(p.python3.withPackages (_: [ {package} ])).installPhase"))


def test_an_application_is_no_module(nix: Nix) -> None:
    assert evaluated(nix, "p.rknn.ready ? pythonModule") is False
    assert "rknn-ready" not in packages_of_environment(nix, "p.rknn.ready")


def test_an_application_made_a_module_is_one(nix: Nix) -> None:
    assert evaluated(nix, f"{MODULE}.pythonModule.pythonVersion") == "3.11"
    assert "rknn-ready" in packages_of_environment(nix, MODULE)


def test_it_is_not_built_again_for_that(nix: Nix) -> None:
    first, second = evaluated(nix, f"[ p.rknn.ready.drvPath {MODULE}.drvPath ]")
    assert first == second
