"""A container gets the NPU through CDI, and the cores that are its own in its environment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import grpc
import pytest

from unit.device_plugin_boards import cdi_spec
from unit.ready_roots import ROCKET, fill

if TYPE_CHECKING:
    from unit.device_plugin_boards import Running

pytest_plugins = ["unit.device_plugin_fixtures"]


def given(answer: object) -> tuple[list[str], dict[str, str]]:
    return [one.name for one in answer.cdi_devices], dict(answer.envs)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("soc", "ids", "cores", "mask"),
    [
        ("rk3588", ["core0-0"], "0", "1"),
        ("rk3588", ["core1-0"], "1", "2"),
        ("rk3588", ["core2-0"], "2", "4"),
        ("rk3588", ["core1-0", "core0-0"], "0,1", "3"),
        ("rk3588", ["core0-0", "core1-0", "core2-0"], "0,1,2", "7"),
        # rknn_api.h has no mask for these; the first core is better than none.
        ("rk3588", ["core1-0", "core2-0"], "1,2", "2"),
        ("rk3588", ["core0-0", "core2-0"], "0,2", "1"),
        # Two shares of a core are one core.
        ("rk3588", ["core1-0", "core1-1"], "1", "2"),
        ("rk3576", ["core1-1"], "1", "2"),
        ("rk3576", ["core0-0", "core1-0"], "0,1", "3"),
        # With one core every mask is refused.
        ("rk3566", ["core0-1"], "0", None),
    ],
)
def test_what_a_container_gets(
    board: Running, soc: str, ids: list[str], cores: str, mask: str | None
) -> None:
    kubelet = board.serve(soc=soc, per_core=2)
    variables = {"RKNN_CORES": cores}
    if mask:
        variables["RKNN_CORE_MASK"] = mask
    assert given(kubelet.allocate(*ids)) == (["rockchip.com/npu=all"], variables)


def test_rocket_shares_out_its_cores_itself(board: Running) -> None:
    fill(board.root, ROCKET)
    spec = cdi_spec("/dev/accel/accel0", names=("all",))
    board.settings.spec.write_text(spec, encoding="utf-8")
    kubelet = board.serve(driver="rocket")
    assert len(kubelet.lists[0]) == 3, kubelet.lists
    assert given(kubelet.allocate("core1-0")) == (["rockchip.com/npu=all"], {})


def test_pods_per_core(board: Running) -> None:
    kubelet = board.serve(per_core=2)
    names = {f"core{core}-{share}" for core in range(3) for share in range(2)}
    assert set(kubelet.lists[0]) == names
    assert given(kubelet.allocate("core2-1"))[1]["RKNN_CORES"] == "2"


@pytest.mark.parametrize(
    "name",
    ["core3-0", "core0-1", "core0", "core00-0", "core-1-0", "", "../core0-0", "core٣-0", "0"],
)
def test_no_such_device(board: Running, name: str) -> None:
    kubelet = board.serve()
    with pytest.raises(grpc.RpcError) as caught:
        kubelet.allocate("core0-0", name)
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND
    assert caught.value.details() == f"no device {name!r}: there are core0-0 to core2-0"


def test_no_device_at_all(board: Running) -> None:
    kubelet = board.serve()
    with pytest.raises(grpc.RpcError, match="no device was asked for"):
        kubelet.allocate()


@pytest.mark.parametrize("method", ["Allocate", "GetPreferredAllocation", "PreStartContainer"])
def test_garbage_from_kubelet(
    board: Running, method: str, capfd: pytest.CaptureFixture[str]
) -> None:
    kubelet = board.serve()
    with pytest.raises(grpc.RpcError) as caught:
        kubelet.call(method, b"\x0a\xff\xff", "Empty")
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "\n" not in str(caught.value.details())
    assert given(kubelet.allocate("core0-0"))[1]["RKNN_CORES"] == "0"
    assert "Traceback" not in capfd.readouterr().err


def test_pre_start_is_answered(board: Running) -> None:
    kubelet = board.serve()
    assert not kubelet.call("PreStartContainer", b"", "PreStartContainerResponse").ListFields()


def test_many_at_once(board: Running) -> None:
    kubelet = board.serve()
    cores = [number % 3 for number in range(300)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda core: kubelet.allocate(f"core{core}-0"), cores))
    assert [one.envs["RKNN_CORES"] for one in answers] == [str(core) for core in cores]
