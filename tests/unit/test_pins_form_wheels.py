"""check --offline: a wheel's file name says the same as component, release, python and arch."""

from __future__ import annotations

from typing import Any

import pytest

from unit.pins_fixtures import entry, said, wheel

NAME = "rknn_toolkit_lite2-2.3.2-cp312-cp312-manylinux_2_17_aarch64.whl"
GOOD: tuple[dict[str, Any], ...] = (
    {},
    {"name": NAME},
    {"name": NAME.replace("cp312-cp312", "cp37-cp37m"), "python": "cp37"},
    {"name": NAME.replace(".whl", ".manylinux2014_aarch64.whl")},
    {"name": NAME.replace("aarch64", "x86_64"), "arch": "x86_64"},
    {"name": NAME.replace("manylinux_2_17_aarch64", "linux_armv7l"), "arch": "armhf"},
    {"name": NAME.replace("manylinux_2_17_aarch64", "any"), "arch": "any"},
    {"name": NAME.replace("2.3.2", "2.0.0b0"), "release": "2.0.0-beta0"},
    {"component": "rknn_toolkit.lite2"},
)
BAD = {
    "component": (
        {"component": "rknn-toolkit2"},
        f"component is rknn-toolkit2, and name {NAME} says rknn-toolkit-lite2; write that",
    ),
    "version": (
        {"name": NAME.replace("2.3.2", "2.3.0")},
        "of version 2.3.0; write that of 2.3.2",
    ),
    "python": ({"name": NAME, "python": "cp311"}, f"python is cp311, and name {NAME} says cp312"),
    "arch": ({"name": NAME, "arch": "x86_64"}, f"arch is x86_64, and name {NAME} says aarch64"),
    "abi": ({"name": NAME.replace("-cp312-cp312", "-cp312-abi3")}, "of another ABI than cp312"),
    "tag": ({"python": "py3"}, "python is 'py3'; write a CPython tag such as cp312"),
    "no wheel": ({"name": "a.zip"}, "yet a.zip: no wheel's file name; write the wheel's own"),
    "no python": ({"python": None, "name": NAME}, "a wheel, and there is no python; write one"),
    "two arches": (
        {"name": NAME.replace(".whl", ".manylinux_2_17_x86_64.whl")},
        "for none of the architectures",
    ),
}


@pytest.mark.parametrize("values", GOOD, ids=str)
def test_a_name_that_fits_is_fine(values: dict[str, Any]) -> None:
    assert said(wheel(**values)) == []


@pytest.mark.parametrize(("values", "reason"), BAD.values(), ids=BAD)
def test_a_name_that_does_not_fit_is_found(values: dict[str, Any], reason: str) -> None:
    bad = wheel(**values)
    (line,) = said(bad)
    assert line.startswith(f"{bad.label}: ")
    assert reason in line


def test_a_file_that_is_no_wheel_has_no_python() -> None:
    (line,) = said(entry(python="cp312"))
    assert "librknnrt.so: no wheel's file name" in line
