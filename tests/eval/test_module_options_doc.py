"""docs/options.md is what the module declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rknn_flake import options_doc
from rknn_flake.errors import RknnError

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

SAID = options_doc.stale()


@pytest.fixture(scope="module")
def declared(nix: Nix, package_set: Path) -> list[dict[str, Any]]:
    return options_doc.declared(nix, package_set)


def test_the_page_is_up_to_date(declared: list[dict[str, Any]]) -> None:
    assert options_doc.PAGE.read_text() == options_doc.page(declared), SAID


def test_it_names_the_command_that_makes_it() -> None:
    assert "run scripts/bootstrap options_doc" in SAID
    assert options_doc.COMMAND in options_doc.PAGE.read_text()


def test_every_option_of_the_deliverable_is_there(declared: list[dict[str, Any]]) -> None:
    names = {option["name"].removeprefix(options_doc.PREFIX) for option in declared}
    assert names >= {
        "enable",
        "enableRuntime",
        "enableToolkitLite",
        "enableTools",
        "runtimePackage",
        "toolkitLitePackage",
        "toolsPackage",
        "pythonPackage",
        "soc",
        "driver",
        "loadKernelModule",
        "device.group",
        "device.mode",
        "users",
        "extraUdevRules",
    }
    assert not {"usable", "usesRuntime"} & names


def test_every_option_has_a_type_and_a_default(declared: list[dict[str, Any]]) -> None:
    unclear = [
        o["name"] for o in declared if o["type"] == "unspecified value" or "default" not in o
    ]
    assert unclear == []


def test_another_declaration_makes_another_page(declared: list[dict[str, Any]]) -> None:
    changed = [{**option, "type": "string"} for option in declared]
    assert options_doc.page(changed) != options_doc.page(declared)


def test_an_option_without_a_description_is_refused(declared: list[dict[str, Any]]) -> None:
    with pytest.raises(RknnError, match=r"mySystem\.rknn\.\w+.* has no description"):
        options_doc.page([{**declared[0], "description": None}])


def test_check_writes_nothing(
    nix: Nix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del nix
    monkeypatch.setattr(options_doc, "PROJECT", tmp_path)
    monkeypatch.setattr(options_doc, "PAGE", tmp_path / "options.md")
    monkeypatch.setattr(options_doc, "declared", lambda _: [])
    assert options_doc.main(["--check"]) == 1
    assert "options.md is not what the declarations make" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert options_doc.main([]) == 0
    assert options_doc.main(["--check"]) == 0
