"""The simulator refuses a damaged or foreign model with one code and a line that says why."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from unit import simulator_lib as lib
from unit.rknn_file import Model, Tensor, container, rknn_bytes

if TYPE_CHECKING:
    from unit.simulator_lib import Simulator

pytest_plugins = ["unit.simulator_fixtures"]

GOOD = rknn_bytes(Model())


def with_length(at: int, value: int) -> bytes:
    return GOOD[:at] + struct.pack("<Q", value) + GOOD[at + 8 :]


def body_end() -> int:
    return 64 + int(struct.unpack_from("<Q", GOOD, 16)[0])


def leading_outside(slot: int) -> bytes:
    """Return GOOD with the offset in one slot of the body's table past the body's end."""
    table = 64 + int(struct.unpack_from("<I", GOOD, 64)[0])
    vtable = table - int(struct.unpack_from("<i", GOOD, table)[0])
    at = table + int(struct.unpack_from("<H", GOOD, vtable + 4 + 2 * slot)[0])
    return GOOD[:at] + struct.pack("<I", 1 << 31) + GOOD[at + 4 :]


TEXT_SLOTS = (3, 12, 13)
SLOTS = (1, 3, 7, 8, 9, 11, 12, 13, 16)


BAD = {
    "empty": (b"RKNN", "rknn model is too small"),
    "html": (b"<!DOCTYPE html>" + b" " * 200, "invalid RKNN_MAGIC"),
    "encrypted": (b"RKCE" + GOOD[4:], "encrypted models (RKCE) are not simulated"),
    "version 0": (with_length(8, 0), "Invalid RKNN model version 0"),
    "version 7": (with_length(8, 7), "Invalid RKNN model version 7"),
    "long body": (with_length(16, 1 << 40), "exportDataSize large then model size"),
    "huge body": (with_length(16, (1 << 64) - 1), "exportDataSize large then model size"),
    "long text": (with_length(body_end(), 1 << 63), "configSize large then model size"),
    "truncated": (GOOD[:-1], "configSize large then model size"),
    "no flatbuffer": (container(6, b"\0" * 64, b"{}"), "is not a flatbuffer"),
    "no json": (
        container(6, GOOD[64 : body_end()], b"{'a': "),
        "JSON text after the body is damaged",
    ),
    "no tensors": (rknn_bytes(Model(inputs=())), "must be 1 to 512"),
    "fewer tensors": (rknn_bytes(Model(extra_json={"input_num": 2})), "1 of 2 inputs"),
    "more tensors": (rknn_bytes(Model(extra_json={"norm_tensor": []})), "without a name or a size"),
    "no platform": (rknn_bytes(Model(platform="")), "names no target platform"),
    "type": (rknn_bytes(Model(inputs=(Tensor("x", (1, 2), "int7"),))), "unknown type 'int7'"),
    "zero dim": (rknn_bytes(Model(inputs=(Tensor("x", (1, 0)),))), "'x' has an invalid shape"),
    "rank 17": (rknn_bytes(Model(inputs=(Tensor("x", (1,) * 17),))), "'x' has an invalid shape"),
    # 641 * 6700417 is 2^32 + 1: the six dimensions multiply to 1 modulo 2^64
    "wrap": (
        rknn_bytes(Model(outputs=(Tensor("y", (641, 6700417, 2**32 - 1) * 2),))),
        "invalid shape",
    ),
    "overflow": (rknn_bytes(Model(outputs=(Tensor("y", (1 << 16,) * 3),))), "invalid shape"),
}


def refusal(simulator: Simulator, model: bytes, capfd: pytest.CaptureFixture[str]) -> str:
    """Return what was said of a model that must be refused."""
    code, handle = simulator.init(model)
    said = capfd.readouterr().err
    assert (code, handle) == (lib.MODEL, 0), said
    return said


@pytest.mark.parametrize("text", ["{", '{"data": {"dtype": "int8"}', "int8", "[]", "null"])
@pytest.mark.parametrize("slot", TEXT_SLOTS)
def test_a_damaged_text_of_the_body_is_refused(
    simulator: Simulator, slot: int, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    said = refusal(simulator, rknn_bytes(Model(extra_slots={slot: text})), capfd)
    assert f"parseRKNN: the text in slot {slot} of the body is damaged" in said, said


@pytest.mark.parametrize("slot", SLOTS)
def test_a_slot_that_leads_outside_is_refused(
    simulator: Simulator, slot: int, capfd: pytest.CaptureFixture[str]
) -> None:
    said = refusal(simulator, leading_outside(slot), capfd)
    assert f"parseRKNN: the text in slot {slot} of the body is damaged" in said, said


def test_a_body_without_a_table_is_refused(
    simulator: Simulator, capfd: pytest.CaptureFixture[str]
) -> None:
    body = b"\xff\xff\xff\x7f" + GOOD[68 : body_end()]
    assert "of the body is damaged" in refusal(
        simulator, container(6, body, GOOD[body_end() + 8 :]), capfd
    )


@pytest.mark.parametrize("slot", TEXT_SLOTS)
def test_an_empty_text_of_the_body_is_none(simulator: Simulator, slot: int) -> None:
    handle = simulator.open(rknn_bytes(Model(extra_slots={slot: ""})))
    assert simulator.attr(handle, lib.INPUT_ATTR).type == lib.FLOAT16


def test_a_file_of_toolkit_1_1_loads(simulator: Simulator) -> None:
    whole = rknn_bytes(Model(extra_slots={3: "Generated from compiler"}))
    end = 64 + int(struct.unpack_from("<Q", whole, 16)[0])
    old = container(1, whole[64:end], whole[end + 8 :], header_bytes=24)
    assert simulator.attr(simulator.open(old), lib.INPUT_ATTR).shape == (1, 16, 24, 3)
    accepted = [n for n in range(1, len(old)) if simulator.init(old[:n])[0] != lib.MODEL]
    assert not accepted, f"lengths {accepted[:5]} of {len(old)} were not refused"


@pytest.mark.parametrize("control", ["\n", "\r", "\x1b", "\x7f", "\b"])
def test_a_models_text_forges_no_line_of_the_log(
    simulator: Simulator, control: str, capfd: pytest.CaptureFixture[str]
) -> None:
    name = f"x{control}E RKNN: é"
    said = refusal(simulator, rknn_bytes(Model(inputs=(Tensor(name, (1, 2), "int7"),))), capfd)
    assert "tensor 'x?E RKNN: é' has the unknown type" in said, said
    assert control == "\n" or control not in said, said
    assert len(said.splitlines()) == 3, said


@pytest.mark.parametrize("case", BAD)
def test_a_bad_model_is_refused(
    simulator: Simulator, case: str, capfd: pytest.CaptureFixture[str]
) -> None:
    model, reason = BAD[case]
    code, handle = simulator.init(model)
    said = capfd.readouterr().err
    assert (code, handle) == (lib.MODEL, 0), said
    assert reason in said, said
    assert "rknn_init, load model failed!" in said, said


def test_every_truncation_is_refused(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RKNN_LOG_LEVEL", "0")
    accepted = [n for n in range(1, len(GOOD)) if simulator.init(GOOD[:n])[0] != lib.MODEL]
    assert not accepted, f"lengths {accepted[:5]} of {len(GOOD)} were not refused"


@pytest.mark.parametrize("version", range(1, 7))
def test_versions_1_to_6_load(simulator: Simulator, version: int) -> None:
    assert simulator.init(rknn_bytes(Model(version=version)))[0] == lib.OK


@pytest.mark.parametrize(
    ("board", "target"), [("rk3588", "rk3566"), ("rk3566", "rk3588"), ("rk3576", "rk3588")]
)
def test_a_model_for_another_soc_is_refused(
    simulator: Simulator,
    board: str,
    target: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RKNN_SIMULATOR_SOC", board)
    assert simulator.init(rknn_bytes(Model(platform=target)))[0] == lib.TARGET
    said = capfd.readouterr().err
    assert f"This rknn model is for {target}, but current platform is {board}" in said


@pytest.mark.parametrize(
    ("board", "target"), [("rk3588", "rk3588"), ("rk3588s", "rk3588"), ("rk3568", "rk3566")]
)
def test_a_model_for_the_same_family_loads(
    simulator: Simulator, board: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RKNN_SIMULATOR_SOC", board)
    assert simulator.init(rknn_bytes(Model(platform=target)))[0] == lib.OK


def test_no_model_is_refused(simulator: Simulator) -> None:
    assert simulator.lib.rknn_init(None, GOOD, len(GOOD), 0, None) == lib.PARAM
