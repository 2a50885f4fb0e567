"""The ratio of evaluation costs, from Nix's statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from benchmarks.evaluation_cost import Cost, Measured, cost_of, report
from benchmarks.package_set import nixpkgs_lib, with_lib

from rknn_flake.errors import CommandError, RknnError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

STATS: dict[str, Any] = {
    "cpuTime": 0.5,
    "nrFunctionCalls": 600,
    "nrThunks": 300,
    "nrPrimOpCalls": 90,
    "nrLookups": 1,
}


def cost(calls: int) -> Cost:
    return Cost(calls, calls // 2, calls // 4, 0.1)


def measured(everything: int, plain: int) -> Measured:
    each = {"rknn-runtime": cost(400), "rknn-simulator": cost(300)}
    return Measured(cost(everything), each, cost(250), cost(plain), cost(plain + 5))


def test_costs_are_nixs_counts() -> None:
    assert cost_of(STATS) == Cost(600, 300, 90, 0.5)


@pytest.mark.parametrize("absent", ["nrFunctionCalls", "nrPrimOpCalls", "cpuTime"])
def test_a_count_that_nix_does_not_write_is_named(absent: str) -> None:
    with pytest.raises(CommandError, match=f"found no {absent}"):
        cost_of({name: value for name, value in STATS.items() if name != absent})


def test_ratio_is_all_packages_over_plain() -> None:
    made = report({"own lib": measured(600, 200)})
    assert (made.ratio, made.target) == (3.0, None)
    text = "\n".join(made.lines)
    assert "600 function calls for 2 packages (3.00 of plain" in text
    assert "rknn-runtime 400, rknn-simulator 300; each with 250 to check the pins" in text
    assert "with the overlay, unused, 1.0250 of it" in text
    assert "NIXPKGS_LIB is not set" in text


def test_both_libs_are_told_and_the_first_is_the_ratio() -> None:
    made = report({"own lib": measured(600, 200), "nixpkgs' lib": measured(900, 100)})
    assert made.ratio == 3.0
    assert made.figures["nixpkgs' lib"]["ratios"]["nrFunctionCalls"] == 9.0
    assert "NIXPKGS_LIB" not in "\n".join(made.lines)


def test_a_plain_side_that_evaluated_nothing_is_an_error() -> None:
    with pytest.raises(RknnError, match="nothing to compare with"):
        report({"own lib": measured(600, 0)})


def test_nixpkgs_lib_may_be_the_checkout_or_its_lib(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NIXPKGS_LIB", raising=False)
    assert nixpkgs_lib() is None
    lib = tmp_path / "lib"
    lib.mkdir()
    (lib / "default.nix").write_text("{ }\n")
    for named in (tmp_path, lib):
        monkeypatch.setenv("NIXPKGS_LIB", str(named))
        assert nixpkgs_lib() == lib
    made = with_lib(lib, tmp_path / "set")
    assert (made / "lib/default.nix").read_text() == "{ }\n"
    assert (made / "flake.nix").is_file()


def test_a_folder_without_lib_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIXPKGS_LIB", str(tmp_path))
    with pytest.raises(UsageError, match=r"found no default\.nix"):
        nixpkgs_lib()
