"""A machine gets stable keys, and null where the file does not say."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rknn_convert import inspect
from unit.inspect_files import DYNAMIC, QUANTIZED, VERSIONS, small_bytes
from unit.rknn_file import Model, rknn_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.inspect_fixtures import Said

pytest_plugins = ["unit.inspect_fixtures"]


def told(inspected: Callable[..., Said], content: bytes) -> dict[str, Any]:
    said = inspected(content, "--json")
    assert (said.status, said.err) == (0, [])
    found = json.loads("\n".join(said.out))
    assert isinstance(found, dict)
    return found


def test_the_whole(inspected: Callable[..., Said]) -> None:
    found = told(inspected, rknn_bytes(QUANTIZED))
    assert found.pop("file").endswith("/some.rknn")
    assert found.pop("size") == len(rknn_bytes(QUANTIZED))
    first, second = found.pop("inputs")
    assert first == {
        "name": "a",
        "shape": [1, 3, 4, 4],
        "dtype": "int8",
        "layout": "NHWC",
        "runtime_shape": [1, 4, 4, 3],
        "shapes": [],
        "mean": None,
        "std": None,
        "quantization": {
            "method": "layer",
            "kind": None,
            "min": [-1.0],
            "max": [1.0],
            "scale": None,
            "zero_point": None,
        },
    }
    assert second["quantization"] is None
    assert [output["name"] for output in found.pop("outputs")] == ["result"]
    assert found == {
        "format": 6,
        "targets": ["rk3588"],
        "hardware": "RKNPU v2",
        "toolkit": "2.3.2",
        "compiler": {"version": "2.3.2", "commit": "e045de294f", "date": "2025-04-07T19:48:25"},
        "framework": "ONNX",
        "quantized": True,
        "dynamic": False,
        "custom_string": "mine",
        "custom_ops": None,
        "runtimes": [
            {"version": "2.3.0", "loads": None, "why": "made by the newer toolkit 2.3.2"},
            {"version": "2.3.2", "loads": True, "why": "format 6, toolkit 2.3.2"},
        ],
        "least_driver": None,
    }


def test_scale_and_zero_point(inspected: Callable[..., Said]) -> None:
    quantization = told(inspected, small_bytes())["inputs"][0]["quantization"]
    assert (quantization["kind"], quantization["zero_point"]) == ("asym", 0)
    assert round(quantization["scale"], 6) == 0.007843


def test_shapes_of_a_dynamic_model(inspected: Callable[..., Said]) -> None:
    found = told(inspected, rknn_bytes(DYNAMIC))
    assert found["dynamic"] is True
    assert found["inputs"][0]["shapes"] == [[1, 3, 8, 8], [1, 3, 4, 4]]


def test_what_is_not_said_is_null(inspected: Callable[..., Said]) -> None:
    slots = dict.fromkeys((1, 7, 9), "")
    found = told(inspected, rknn_bytes(Model(extra_slots=slots)))
    assert [found[key] for key in ("hardware", "compiler", "framework")] == [None] * 3
    assert found["toolkit"] == "2.3.2"


def test_text_of_any_kind_is_json(inspected: Callable[..., Said]) -> None:
    found = told(inspected, rknn_bytes(replace(QUANTIZED, custom_string='"\n\x1b\u2028é')))
    assert found["custom_string"] == '"\n\x1b\u2028é'


def test_every_key_is_documented(inspected: Callable[..., Said]) -> None:
    found = told(inspected, rknn_bytes(replace(QUANTIZED, extra_slots={7: VERSIONS})))
    keys = {*found, *found["inputs"][0], *found["inputs"][0]["quantization"], *found["compiler"]}
    keys |= set(found["runtimes"][0])
    assert [key for key in sorted(keys) if key not in str(inspect.__doc__)] == []
