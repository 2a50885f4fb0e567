"""rknn-cdi check names what engines would refuse, a line for each fault."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from unit.cdi_cases import CASES, MINIMAL, NODE, WRONG, changed, edits, named, written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.cdi_fixtures import Machine
    from unit.commands import Outcome

pytest_plugins = ["unit.cdi_fixtures"]

NETWORK = {"hostInterfaceName": "eth0", "name": "net0"}
RIGHT = {
    "smallest": MINIMAL,
    "version with a letter": changed(cdiVersion="v0.3.0"),
    "newest version": changed(cdiVersion="1.1.0"),
    "names": named("A1._:-z"),
    "name by digit": named("0"),
    "groups in a device": changed(
        cdiVersion="0.7.0", devices=[{"name": "a", "containerEdits": {"additionalGids": [0]}}]
    ),
    "rdt alone": changed(
        cdiVersion="0.7.0", devices=[{"name": "a", "containerEdits": {"intelRdt": {}}}]
    ),
    "rdt's root": edits(intelRdt={"closID": "/"}),
    "empty edits for all": edits(),
    "node in full": edits(
        deviceNodes=[{**NODE, "type": "c", "major": 10, "minor": -1, "permissions": ""}]
    ),
    "network": changed(cdiVersion="1.1.0", containerEdits={"netDevices": [NETWORK]}),
    "annotations": changed(cdiVersion="0.6.0", annotations={"a": "b"}),
    "class with a dot": changed(cdiVersion="0.6.0", kind="rockchip.com/npu.all"),
    "hook": edits(hooks=[{"hookName": "poststop", "path": "/bin/true", "timeout": 1}]),
}
TWICE = changed(
    cdiVersion="1.1.0",
    containerEdits={"netDevices": [NETWORK, {**NETWORK, "name": ""}, NETWORK]},
)


@pytest.fixture
def check(cdi: Callable[..., Outcome], tmp_path: Path) -> Callable[[object], Outcome]:
    """Return `rknn-cdi check` as a function of a file's content."""

    def call(content: object) -> Outcome:
        path = tmp_path / "some.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return cdi("check", path)

    return call


@pytest.mark.parametrize("case", CASES)
def test_what_is_written_is_right(
    machine: Machine, check: Callable[[object], Outcome], case: str
) -> None:
    outcome = check(written(machine, case))
    assert (outcome.status, outcome.out, outcome.err) == (0, "", ""), outcome


@pytest.mark.parametrize("name", RIGHT)
def test_right(check: Callable[[object], Outcome], name: str) -> None:
    outcome = check(RIGHT[name])
    assert (outcome.status, outcome.out, outcome.err) == (0, "", ""), outcome


@pytest.mark.parametrize("name", WRONG)
def test_wrong(check: Callable[[object], Outcome], tmp_path: Path, name: str) -> None:
    make, fault = WRONG[name]
    outcome = check(make())
    assert (outcome.status, outcome.out) == (1, ""), outcome
    assert outcome.err.startswith(f"rknn-cdi: {tmp_path}/some.json: {fault}"), outcome
    assert outcome.err.count("\n") == 1, outcome


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "no JSON that engines read: Expecting value"),
        (b"{", "no JSON that engines read: "),
        (b"cdiVersion: 0.7.0\n", "no JSON that engines read: "),
        (b'{"kind": "a/b", "kind": "c/d"}', 'no JSON that engines read: "kind" is there twice'),
        (b"\xff\xfe\xfd", "no JSON that engines read: "),
        (b"[NaN]", "no JSON that engines read: NaN is no JSON"),
        (b"[" * 200_000, "no JSON that engines read: too deep"),
        (b"9" * 5000, "no JSON that engines read: "),
        (b'["\\ud83d\\ude00"]', "no JSON that engines read: \\ud83d; write the character itself"),
        (b'["\x7f"]', 'no JSON that engines read: "\\u007f" has to be escaped'),
    ],
)
def test_no_json(check: Callable[[object], Outcome], content: bytes, fault: str) -> None:
    outcome = check(content)
    assert (outcome.status, outcome.err.count("\n")) == (1, 1), outcome
    assert f"some.json: {fault}" in outcome.err, outcome


def test_every_fault_of_every_file_is_a_line(cdi: Callable[..., Outcome], tmp_path: Path) -> None:
    networks, right = tmp_path / "networks.json", tmp_path / "right.json"
    networks.write_text(json.dumps(TWICE))
    right.write_text(json.dumps(MINIMAL))
    outcome = cdi("check", networks, tmp_path, right, tmp_path / "none.json")
    assert outcome.status == 1
    at = f"rknn-cdi: {networks}: containerEdits.netDevices"
    assert outcome.err.splitlines() == [
        f'{at}[1].hostInterfaceName: "eth0" is there twice',
        f'{at}[2].hostInterfaceName: "eth0" is there twice',
        f"{at}[1].name: empty",
        f'{at}[2].name: "net0" is there twice',
        f"rknn-cdi: {tmp_path}: Is a directory; name a CDI spec",
        f"rknn-cdi: {tmp_path}/none.json: No such file or directory; name a CDI spec",
    ]


def test_long_and_odd_values_are_shortened_and_printable(
    check: Callable[[object], Outcome],
) -> None:
    outcome = check(changed(kind="ü\n\x1b" * 1000))
    assert (outcome.status, outcome.err.count("\n")) == (1, 1), outcome
    assert outcome.err.rstrip("\n").isprintable(), outcome
    assert len(outcome.err) < 300, outcome
