"""Every kind of spec that rknn-cdi writes, and specs that are wrong in one place each."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from unit.cdi_roots import HEADLESS, HEAP, TREE
from unit.ready_roots import BOARD, COMPATIBLE, MISC, ROCKET

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.cdi_fixtures import Machine

LIBRARY = ["--library=/bin/sh", "--library-path=/usr/lib/a.so", "--library-path=/usr/lib/b.so"]
WRITE: dict[str, tuple[dict[str, str], list[str]]] = {
    "board": (BOARD, []),
    "headless": (HEADLESS, []),
    "group": (HEADLESS, ["--group=nogroup"]),
    "no gids": (HEADLESS, ["--group=nogroup", "--without-gids"]),
    "library": (HEADLESS, LIBRARY),
    "two cores": ({**HEADLESS, COMPATIBLE: "rockchip,rk3576\0"}, []),
    "one core": ({**HEADLESS, COMPATIBLE: "rockchip,rk3566\0"}, []),
    "heaps": ({**TREE, **MISC, **HEAP}, []),
    "no heaps": ({**TREE, **MISC}, ["--no-dma-heaps", *LIBRARY]),
    "more nodes": ({**BOARD, "dev/rga": ""}, ["--node=/dev/rga", "--node=/dev/mpp_service"]),
    "rocket": ({**TREE, **ROCKET}, ["--driver=rocket"]),
}
STATIC = {
    "static": ["--soc=rk3588"],
    "static group": ["--soc=rk3576", "--gid=303", *LIBRARY],
    "static no gids": ["--soc=rk3562", "--gid=303", "--without-gids", "--no-dma-heaps"],
}
CASES = [*WRITE, *STATIC]

MINIMAL: dict[str, Any] = {
    "cdiVersion": "0.3.0",
    "kind": "rockchip.com/npu",
    "devices": [{"name": "all", "containerEdits": {"env": ["RKNN_CORES=0"]}}],
}
NODE = {"path": "/dev/rknpu"}
MOUNT = {"hostPath": "/some", "containerPath": "/some"}


def written(machine: Machine, case: str) -> dict[str, Any]:
    """Let rknn-cdi write the spec of a case."""
    if case in WRITE:
        files, options = WRITE[case]
        return machine.has(files).spec(*options)
    outcome = machine.run("static", *machine.places, *STATIC[case])
    assert (outcome.status, outcome.err) == (0, ""), outcome
    return machine.read()


def changed(**fields: object) -> dict[str, Any]:
    """Return the smallest spec there is, with fields changed."""
    return {**copy.deepcopy(MINIMAL), **fields}


def edits(**fields: object) -> dict[str, Any]:
    """Return the smallest spec, with edits for all its devices."""
    return changed(cdiVersion="0.7.0", containerEdits=fields)


def named(name: str) -> dict[str, Any]:
    """Return the smallest spec with another name of its device."""
    return changed(cdiVersion="0.5.0", devices=[{**MINIMAL["devices"][0], "name": name}])


def without(name: str) -> dict[str, Any]:
    """Return the smallest spec but one field."""
    return {field: value for field, value in MINIMAL.items() if field != name}


# Of each what `rknn-cdi check` says first.
WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "a list": (list, "the spec: [] is no object"),
    "null": (lambda: None, "the spec: null is no object"),
    "no version": (lambda: without("cdiVersion"), "the spec: no cdiVersion, which is required"),
    "no kind": (lambda: without("kind"), "the spec: no kind, which is required"),
    "no devices": (lambda: without("devices"), "the spec: no devices, which is required"),
    "empty devices": (lambda: changed(devices=[]), "devices: the list is empty"),
    "devices by name": (lambda: changed(devices={}), "devices: {} is no list"),
    "unknown field": (lambda: changed(hooks=[]), 'the spec: unknown field "hooks"'),
    "version of old": (lambda: changed(cdiVersion="0.2.0"), 'cdiVersion: "0.2.0" is no version'),
    "unknown version": (lambda: changed(cdiVersion="0.7"), 'cdiVersion: "0.7" is no version'),
    "version a number": (lambda: changed(cdiVersion=0.7), "cdiVersion: 0.7 is no string"),
    "kind of one word": (lambda: changed(kind="npu"), 'kind: "npu" is no vendor/class'),
    "vendor by digit": (lambda: changed(kind="3m.com/npu"), 'kind: "3m.com/npu" is no vendor'),
    "class to a dash": (lambda: changed(kind="rockchip.com/npu-"), "kind: "),
    "class of letters": (lambda: changed(kind="rockchip.com/nüu"), 'kind: "rockchip.com/n\\u00fcu'),
    "three parts": (lambda: changed(kind="rockchip.com/npu/all"), "kind: "),
    "class with a dot": (
        lambda: changed(kind="rockchip.com/npu.all"),
        "cdiVersion: 0.3.0 is less than what the fields need: 0.6.0",
    ),
    "annotations": (
        lambda: changed(annotations={"a": "b"}),
        "cdiVersion: 0.3.0 is less than what the fields need: 0.6.0",
    ),
    "annotation of a number": (
        lambda: changed(cdiVersion="0.6.0", annotations={"a": 1}),
        'annotations["a"]: 1 is no string',
    ),
    "no name": (
        lambda: changed(devices=[{"containerEdits": {"env": ["A=1"]}}]),
        "devices[0]: no name, which is required",
    ),
    "empty name": (lambda: named(""), 'devices[0].name: ""'),
    "name to a colon": (lambda: named("all:"), 'devices[0].name: "all:"'),
    "name of two words": (lambda: named("all cores"), 'devices[0].name: "all cores"'),
    "name by digit": (
        lambda: changed(devices=[{**MINIMAL["devices"][0], "name": "0"}]),
        "cdiVersion: 0.3.0 is less than what the fields need: 0.5.0",
    ),
    "names twice": (
        lambda: changed(devices=MINIMAL["devices"] * 2),
        'devices[1].name: "all" is there twice',
    ),
    "no edits": (
        lambda: changed(devices=[{"name": "all"}]),
        "devices[0]: no containerEdits, which is required",
    ),
    "empty edits": (
        lambda: changed(devices=[{"name": "all", "containerEdits": {}}]),
        "devices[0].containerEdits: empty",
    ),
    "edits of empty lists": (
        lambda: changed(devices=[{"name": "all", "containerEdits": {"env": [], "mounts": []}}]),
        "devices[0].containerEdits: empty",
    ),
    "variable without a name": (
        lambda: edits(env=["A=1", "=1"]),
        'containerEdits.env[1]: "=1" is no name=value',
    ),
    "variable without a value": (
        lambda: edits(env=["A"]),
        'containerEdits.env[0]: "A" is no name=value',
    ),
    "variable a number": (lambda: edits(env=[1]), "containerEdits.env[0]: 1 is no string"),
    "node without a path": (
        lambda: edits(deviceNodes=[{"hostPath": "/dev/null"}]),
        "containerEdits.deviceNodes[0]: no path, which is required",
    ),
    "node with an empty path": (
        lambda: edits(deviceNodes=[{"path": ""}]),
        "containerEdits.deviceNodes[0].path: empty",
    ),
    "node of a type": (
        lambda: edits(deviceNodes=[{**NODE, "type": "s"}]),
        'containerEdits.deviceNodes[0].type: "s" is none of',
    ),
    "node to execute": (
        lambda: edits(deviceNodes=[{**NODE, "permissions": "rwx"}]),
        'containerEdits.deviceNodes[0].permissions: "rwx": only r, w and m',
    ),
    "node of group -1": (
        lambda: edits(deviceNodes=[{**NODE, "gid": -1}]),
        "containerEdits.deviceNodes[0].gid: -1 is no uint32",
    ),
    "node of group true": (
        lambda: edits(deviceNodes=[{**NODE, "gid": True}]),
        "containerEdits.deviceNodes[0].gid: true is no uint32",
    ),
    "mode in words": (
        lambda: edits(deviceNodes=[{**NODE, "fileMode": "0660"}]),
        'containerEdits.deviceNodes[0].fileMode: "0660" is no uint32',
    ),
    "host path of old": (
        lambda: changed(
            cdiVersion="0.4.0", containerEdits={"deviceNodes": [{**NODE, "hostPath": "/dev/x"}]}
        ),
        "cdiVersion: 0.4.0 is less than what the fields need: 0.5.0",
    ),
    "mount without a host's path": (
        lambda: edits(mounts=[{"containerPath": "/some"}]),
        "containerEdits.mounts[0]: no hostPath, which is required",
    ),
    "mount to nowhere": (
        lambda: edits(mounts=[{**MOUNT, "containerPath": ""}]),
        "containerEdits.mounts[0].containerPath: empty",
    ),
    "mount of a type": (
        lambda: changed(containerEdits={"mounts": [{**MOUNT, "type": "bind"}]}),
        "cdiVersion: 0.3.0 is less than what the fields need: 0.4.0",
    ),
    "mount by another field": (
        lambda: edits(mounts=[{**MOUNT, "mode": "ro"}]),
        'containerEdits.mounts[0]: unknown field "mode"',
    ),
    "hook of no name": (
        lambda: edits(hooks=[{"hookName": "start", "path": "/bin/true"}]),
        'containerEdits.hooks[0].hookName: "start" is none of',
    ),
    "hook without a path": (
        lambda: edits(hooks=[{"hookName": "poststop", "path": ""}]),
        "containerEdits.hooks[0].path: empty",
    ),
    "groups of old": (
        lambda: changed(cdiVersion="0.6.0", containerEdits={"additionalGids": [303]}),
        "cdiVersion: 0.6.0 is less than what the fields need: 0.7.0",
    ),
    "group by name": (
        lambda: edits(additionalGids=["render"]),
        'containerEdits.additionalGids[0]: "render" is no uint32',
    ),
    "group too high": (
        lambda: edits(additionalGids=[2**32]),
        "containerEdits.additionalGids[0]: 4294967296 is no uint32",
    ),
    "cache of another folder": (
        lambda: edits(intelRdt={"closID": "a/b"}),
        'containerEdits.intelRdt.closID: "a/b" is no file name',
    ),
}
