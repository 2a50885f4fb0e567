"""The manifests of docs/kubernetes ask for the NPU by its name, and for no privilege."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from rknn_cdi.cores import KIND
from rknn_device_plugin import features
from rknn_flake.paths import PROJECT
from rknn_flake.pins import sources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MANIFESTS = sorted((PROJECT / "docs" / "kubernetes").glob("*.yaml"))
# Pod Security Standards, "restricted", as far as these manifests have its fields.
# https://kubernetes.io/docs/concepts/security/pod-security-standards/
POD = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
CONTAINER = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
}
HOSTS = ("hostNetwork", "hostPID", "hostIPC")


def pods(manifest: Path) -> Iterator[dict[str, Any]]:
    """Yield what each manifest says of its pods."""
    for document in YAML(typ="safe", pure=True).load_all(manifest):
        spec = document["spec"]
        yield spec if document["kind"] == "Pod" else spec["template"]["spec"]


def faults(pod: dict[str, Any]) -> list[str]:
    """Return what a pod asks for beyond the NPU, and whether it asks for that."""
    found = [f"{name} is set" for name in HOSTS if name in pod]
    context = pod.get("securityContext", {})
    found += [f"{name} of the pod" for name in POD if context.get(name) != POD[name]]
    if not context.get("runAsUser"):
        found.append("runAsUser of the pod")
    if pod.get("automountServiceAccountToken") is not False:
        found.append("the service account's token")
    for container in pod["containers"]:
        context = container.get("securityContext", {})
        found += [
            f"{name} of a container" for name in CONTAINER if context.get(name) != CONTAINER[name]
        ]
        found += [f"{name} of a container" for name in context if name not in CONTAINER]
        if container["resources"]["limits"].get(KIND) != 1:
            found.append(f"no {KIND}")
        found += [
            f"{mount['name']} is mounted to be written"
            for mount in container.get("volumeMounts", [])
            if mount.get("readOnly") is not True
        ]
    found += [f"{name} of the machine" for name in host_paths(pod)]
    return found


def host_paths(pod: dict[str, Any]) -> list[str]:
    """Return the machine's folders in a pod, which no standard but "privileged" allows."""
    return [volume["hostPath"]["path"] for volume in pod.get("volumes", []) if "hostPath" in volume]


def test_there_are_manifests() -> None:
    assert len(MANIFESTS) >= 2, MANIFESTS


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.name)
def test_the_npu_and_no_more(manifest: Path) -> None:
    # What is only for a try says so.
    allowed = ["/var/lib/models of the machine"] if manifest.name == "npu-pod.yaml" else []
    assert [faults(pod) for pod in pods(manifest)] == [allowed]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda pod: pod.update(hostNetwork=True), "hostNetwork is set"),
        (lambda pod: pod["securityContext"].pop("seccompProfile"), "seccompProfile of the pod"),
        (
            lambda pod: pod["containers"][0]["securityContext"].update(privileged=True),
            "privileged of a container",
        ),
        (lambda pod: pod["containers"][0]["resources"]["limits"].pop(KIND), f"no {KIND}"),
        (lambda pod: pod.update(volumes=[{"hostPath": {"path": "/dev"}}]), "/dev of the machine"),
    ],
)
def test_more_is_noticed(change: Any, fault: str) -> None:  # noqa: ANN401  # a lambda
    pod = copy.deepcopy(next(pods(MANIFESTS[0])))
    change(pod)
    assert faults(pod) == [fault]


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.name)
def test_nodes_are_chosen_by_labels_that_there_are(manifest: Path, tmp_path: Path) -> None:
    told = features.labels(tmp_path, "rk3588", "rknpu", None)
    for pod in pods(manifest):
        wanted = pod.get("nodeSelector", {})
        assert wanted.items() <= told.items(), (wanted, told)


def test_the_image_is_ours() -> None:
    (pod,) = pods(PROJECT / "docs/kubernetes/npu-pod.yaml")
    release = sources.read(PROJECT / sources.PLACE).defaults["toolkit-lite"]
    assert pod["containers"][0]["image"] == f"docker.io/library/rknn:{release}"
