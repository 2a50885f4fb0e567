"""The plan: what builds make, what they need, and whether they run the machine's tools."""

from __future__ import annotations

from typing import Any

import pytest

from rknn_flake.reproduce.comparing import causes
from rknn_flake.reproduce.plan import Plan, Target


def derivation(name: str, *needs: str, builder: str = "/bin/bash", **more: str) -> dict[str, Any]:
    return {
        "outputs": {"out": {"path": f"/nix/store/{name}", **more}},
        "builder": builder,
        "inputDrvs": {f"{need}.drv": ["out"] for need in needs},
    }


TOP = Target("top", "top.drv", {"out": "/nix/store/top"})
PLAN = Plan(
    (TOP,),
    {
        "top.drv": derivation("top", "middle"),
        "middle.drv": derivation("middle", "low", "download"),
        "low.drv": derivation("low"),
        "aside.drv": derivation("aside"),
        "download.drv": derivation("download", hash="abc"),
    },
)


def test_only_what_is_not_a_target_is_seeded() -> None:
    assert "/nix/store/top" in PLAN.outputs
    assert PLAN.seedable == {
        "/nix/store/middle": False,
        "/nix/store/low": False,
        "/nix/store/aside": False,
        "/nix/store/download": True,
    }


def test_needs_are_followed() -> None:
    assert PLAN.needs("top.drv") == {"middle.drv", "low.drv", "download.drv"}
    assert PLAN.needs("low.drv") == frozenset()


@pytest.mark.parametrize(
    ("builder", "uses"),
    [
        ("/bin/bash", True),
        ("/usr/bin/python3", True),
        ("/nix/store/x-bash/bin/bash", False),
        ("builtin:fetchurl", False),
        ("/bin/sh", False),
    ],
)
def test_whether_the_machine_s_tools_run(builder: str, uses: bool) -> None:  # noqa: FBT001
    assert Plan((), {"a.drv": derivation("a", builder=builder)}).uses_host is uses


def test_the_cause_is_the_first_that_differs() -> None:
    unlike = frozenset({"/nix/store/top", "/nix/store/middle", "/nix/store/low"})
    assert causes(PLAN, TOP, unlike) == ("/nix/store/low",)


def test_what_is_not_needed_is_no_cause() -> None:
    assert causes(PLAN, TOP, frozenset({"/nix/store/top", "/nix/store/aside"})) == ()
