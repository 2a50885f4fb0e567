"""Engines' own code reads what rknn-cdi writes, and makes of it what a container is to get."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rknn_cdi import checking
from rknn_flake.errors import CommandError
from unit.cdi_cases import CASES, WRONG, edits, written
from unit.cdi_roots import HEADLESS, mounts
from unit.cdi_variations import variations

if TYPE_CHECKING:
    from pathlib import Path

    from cdi_engine import Engine
    from unit.cdi_fixtures import Machine

pytest_plugins = ["unit.cdi_engine_fixtures", "unit.cdi_fixtures"]

NPU = "rockchip.com/npu"
# YAML is what engines read, and in it 1 can be a text; older ones took a spec without devices.
STRICTER = ["annotation of a number", "empty devices", "no devices"]


@pytest.fixture
def here(machine: Machine) -> Machine:
    """Return a machine whose spec names the nodes of its own root, which engines look at."""
    spec = machine.has(HEADLESS).spec("--group=nogroup")
    for node in spec["containerEdits"]["deviceNodes"]:
        node["hostPath"] = f"{machine.root}{node['hostPath']}"
    machine.output.write_text(json.dumps(spec))
    return machine


@pytest.mark.parametrize("case", CASES)
def test_what_is_written_is_accepted(machine: Machine, engine: Engine, case: str) -> None:
    written(machine, case)
    assert engine.refusals([machine.output]) == {}


def test_what_check_refuses_is_refused(engine: Engine, tmp_path: Path) -> None:
    paths = {tmp_path / f"{name}.json": name for name in WRONG}
    for path, name in paths.items():
        path.write_text(json.dumps(WRONG[name][0]()))
    refused = engine.refusals(list(paths))
    accepted = sorted(paths[path] for path in paths.keys() - refused.keys())
    assert accepted == STRICTER


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values=st.lists(variations(), min_size=50, max_size=50))
def test_what_check_accepts_is_accepted(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory, values: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("variations")
    paths = []
    for number, value in enumerate(values):
        path = folder / f"{number}.json"
        path.write_text(json.dumps(value))
        if not checking.faults(path):
            paths.append(path)
    assert engine.refusals(paths) == {}


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("\U0001f600", True),
        ("\\ud83d\\ude00", False),
        ("\\\\ud83d", True),
        ("/", True),
        ("\\/", False),
        ("\\u007f", True),
        ("\x7f", False),
        ("\uffff", False),
    ],
)
def test_characters(engine: Engine, tmp_path: Path, text: str, is_read: bool) -> None:  # noqa: FBT001
    path = tmp_path / "some.json"
    path.write_text(json.dumps(edits(env=["A=b"])).replace("A=b", f"A={text}"), encoding="utf-8")
    assert (engine.refusals([path]) == {}) == is_read
    assert (checking.faults(path) == []) == is_read, checking.faults(path)


def test_a_library_of_a_name_of_its_own(machine: Machine, engine: Engine, tmp_path: Path) -> None:
    library = tmp_path / "é \U0001f600.so"
    library.touch()
    assert str(library) in mounts(machine.has(HEADLESS).spec(f"--library={library}")).values()
    assert engine.refusals([machine.output]) == {}


def test_a_container_gets_the_npu_and_no_more(here: Machine, engine: Engine) -> None:
    group = here.read()["containerEdits"]["additionalGids"][0]
    container = engine.container(here.output.parent, f"{NPU}=core1")
    assert container["process"]["env"] == [
        "RKNN_DEVICE_COMPATIBLE_NODE=/run/rknn/compatible",
        "RKNN_CORES=1",
        "RKNN_CORE_MASK=2",
    ]
    user = {"uid": 1000, "gid": 1000, "additionalGids": [group]}
    assert container["process"]["user"] == user
    nodes = container["linux"]["devices"]
    assert [node["path"] for node in nodes] == ["/dev/dri/card0", "/dev/dri/renderD129"]
    for node in nodes:
        assert (node["uid"], node["gid"], node["fileMode"]) == (0, group, 0o660), node
    given_files = {mount["destination"]: mount["source"] for mount in container["mounts"]}
    assert given_files == mounts(here.read()) == {"/run/rknn/compatible": str(here.soc_copy)}
    assert container.keys() == {"ociVersion", "process", "linux", "mounts"}


def test_the_whole_npu(here: Machine, engine: Engine) -> None:
    container = engine.container(here.output.parent, f"{NPU}=all")
    assert container["process"]["env"] == ["RKNN_DEVICE_COMPATIBLE_NODE=/run/rknn/compatible"]


@pytest.mark.parametrize("name", ["core3", "0"])
def test_a_core_that_is_not_there(here: Machine, engine: Engine, name: str) -> None:
    with pytest.raises(CommandError, match=f"unresolvable CDI devices {NPU}={name}"):
        engine.container(here.output.parent, f"{NPU}={name}")


def test_a_spec_that_was_removed(here: Machine, engine: Engine) -> None:
    here.run("remove", *here.places)
    with pytest.raises(CommandError, match="unresolvable CDI devices"):
        engine.container(here.output.parent, f"{NPU}=all")


@pytest.mark.parametrize("instead", ["nothing", "a link", "a file"])
def test_nodes_that_write_refuses_are_refused(here: Machine, engine: Engine, instead: str) -> None:
    card = here.root / "dev/dri/card0"
    card.unlink()
    if instead == "a link":
        os.mkfifo(card.with_name("other"))
        card.symlink_to("other")
    elif instead == "a file":
        card.touch()
    with pytest.raises(CommandError, match=r"failed to stat CDI host device|not a device node"):
        engine.container(here.output.parent, f"{NPU}=all")
    assert here.write().status == 1
