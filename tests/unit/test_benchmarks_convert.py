"""The benchmark of `rknn-convert`: its ratio, its network, and what a process and its own take."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import pytest
from benchmarks import conversion, conversion_plain, conversion_sandbox, conversion_torch
from benchmarks.report import verdict

from rknn_flake.errors import RknnError
from rknn_flake.process import run

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTE = 10**6
CHILD = "kept = bytearray(60_000_000); import time; time.sleep(0.3)"
PARENT = f"""
import subprocess, sys
kept = bytearray(80_000_000)
sys.exit(subprocess.run([sys.executable, "-c", {CHILD!r}]).returncode)
"""


def runs(*seconds: float, peak: int = 500 * MEGABYTE, size: int = 17) -> list[dict[str, float]]:
    return [{"seconds": one, "cpu": one, "peak": peak, "size": size} for one in seconds]


def measured(plain: list[dict[str, float]], ours: list[dict[str, float]]) -> dict[str, Any]:
    return {"model": 35 * MEGABYTE, "plain": plain, "rknn-convert": ours}


def test_ratio_is_of_the_medians() -> None:
    made = conversion.report(measured(runs(2.0, 2.0, 9.0), runs(2.1, 1.0, 8.0)))
    assert made.ratio == pytest.approx(1.05)
    assert made.met, verdict(made)


def test_more_time_misses_the_target() -> None:
    made = conversion.report(measured(runs(2.0), runs(2.11)))
    assert not made.met, verdict(made)


@pytest.mark.parametrize(("target", "is_met"), [(None, True), (1.25, True), (1.15, False)])
def test_memory_is_told_and_judged_where_asked(target: float | None, *, is_met: bool) -> None:
    taken = measured(runs(2.0), runs(2.0, peak=600 * MEGABYTE))
    made = conversion.report(taken, memory_target=target)
    assert made.met == is_met, verdict(made)
    assert "600 MB and 500 MB: 1.200" in made.lines[1]
    assert made.failures == (
        () if is_met else ("memory is to be at most 1.15 of the plain script's",)
    )


def test_shortest_runs_are_told_beside_the_medians() -> None:
    made = conversion.report(measured(runs(2.0, 4.0, 4.0), runs(2.5, 4.0, 4.0)))
    assert made.ratio == pytest.approx(1.0)
    assert "the shortest: 2.50 s and 2.00 s: 1.250" in made.lines[2]


def test_files_of_other_sizes_are_a_failure() -> None:
    made = conversion.report(measured(runs(2.0), runs(1.0, size=16)))
    assert made.failures == ("files of [16] bytes, those of the plain script have [17]",)


def test_no_time_at_all_is_an_error() -> None:
    with pytest.raises(RknnError, match="nothing to compare with"):
        conversion.report(measured(runs(0.0), runs(1.0)))


def test_another_machine_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(RknnError, match="this machine is riscv64; run it on x86_64"):
        conversion.measure()


def test_starter_finds_modules_and_hands_on_words(tmp_path: Path) -> None:
    (tmp_path / "a folder").mkdir()
    (tmp_path / "a folder" / "told.py").write_text("import sys; print(sys.argv[1:])")
    program = conversion_torch.starter(
        tmp_path / "start", [tmp_path / "a folder", tmp_path], sys.executable, "-m", "told"
    )
    assert run([program, "one word", "2"]).stdout == "['one word', '2']\n"


def test_each_measurement_is_a_build_of_its_own() -> None:
    first, second = (conversion.expression(5, stamp) for stamp in (1, 2))
    assert first != second
    assert "conversion_sandbox.py 5 $out" in first


def test_the_network_is_one_chain_with_weights_of_its_size() -> None:
    graph = conversion_sandbox.network(depth=3, channels=8)
    assert [one.kind for one in graph.nodes] == ["Conv", "Relu"] * 3
    known = {*graph.inputs, *graph.weights}
    for one in graph.nodes:
        assert known.issuperset(one.takes), one
        known.update(one.gives)
    assert known >= graph.outputs.keys()
    assert graph.weights == {"w0": (8, 3, 3, 3), "w1": (8, 8, 3, 3), "w2": (8, 8, 3, 3)}


def test_memory_is_added_up_over_parent_and_child(tmp_path: Path) -> None:
    taken = conversion_sandbox.measured([sys.executable, "-c", PARENT], tmp_path / "log")
    assert taken["seconds"] >= 0.3
    assert 140 * MEGABYTE < taken["peak"] < 240 * MEGABYTE
    assert taken["cpu"] > 0


def test_memory_of_others_does_not_count(tmp_path: Path) -> None:
    kept = bytearray(100 * MEGABYTE)
    words = [sys.executable, "-c", "import time; time.sleep(0.2)"]
    taken = conversion_sandbox.measured(words, tmp_path / "log")
    assert 0 < taken["peak"] < len(kept)
    assert conversion_sandbox.resident(os.getpid()) > len(kept)


def test_a_program_that_fails_ends_it_with_its_words(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "import sys; sys.exit('no such luck')"]
    with pytest.raises(SystemExit, match="status 1: no such luck"):
        conversion_sandbox.measured(words, tmp_path / "log")


@pytest.mark.parametrize(("status", "ended"), [(0, 0), (-1, 1)])
def test_the_plain_script_tells_of_a_failed_step(
    monkeypatch: pytest.MonkeyPatch, status: int, ended: int
) -> None:
    called: list[tuple[str, tuple[object, ...], dict[str, object]]] = []

    class Toolkit:
        def __getattr__(self, name: str) -> object:
            def call(*given: object, **named: object) -> int:
                called.append((name, given, named))
                return status if name == "build" else 0

            return call

    module = type(sys)("rknn.api")
    vars(module)["RKNN"] = Toolkit
    monkeypatch.setitem(sys.modules, "rknn", type(sys)("rknn"))
    monkeypatch.setitem(sys.modules, "rknn.api", module)
    assert conversion_plain.main(["m.onnx", "o.rknn", "rk3588"]) == ended
    assert called == [
        ("config", (), {"target_platform": "rk3588"}),
        ("load_onnx", (), {"model": "m.onnx"}),
        ("build", (), {"do_quantization": False}),
        ("export_rknn", ("o.rknn",), {}),
        ("release", (), {}),
    ]
