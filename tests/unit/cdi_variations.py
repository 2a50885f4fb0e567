"""Specs that hypothesis makes of right ones, by changing them in a few places."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from unit.cdi_cases import MINIMAL, WRONG

if TYPE_CHECKING:
    from collections.abc import Iterator

FULL: dict[str, Any] = {
    "cdiVersion": "0.7.0",
    "kind": "rockchip.com/npu",
    "annotations": {"a.b/c": "d"},
    "containerEdits": {
        "env": ["RKNN_DEVICE_COMPATIBLE_NODE=/run/rknn/compatible"],
        "deviceNodes": [
            {
                "path": "/dev/dri/renderD129",
                "hostPath": "/dev/dri/renderD128",
                "type": "c",
                "major": 226,
                "minor": 128,
                "fileMode": 432,
                "permissions": "rw",
                "uid": 0,
                "gid": 303,
            }
        ],
        "mounts": [
            {"hostPath": "/a", "containerPath": "/b", "options": ["ro", "bind"], "type": "bind"}
        ],
        "hooks": [
            {"hookName": "poststop", "path": "/c", "args": ["c"], "env": ["A=B"], "timeout": 1}
        ],
        "intelRdt": {"closID": "d", "l3CacheSchema": "e", "memBwSchema": "f"},
        "additionalGids": [303],
    },
    "devices": [
        {"name": "all", "annotations": {"g": "h"}, "containerEdits": {"env": ["RKNN_CORES=0"]}},
        {"name": "0", "containerEdits": {"mounts": [{"hostPath": "/i", "containerPath": "/j"}]}},
    ],
}
WORDS = ["0.3.0", "0.5.0", "0.6.0", "v0.7.0", "0.8.0", "a.b/c.d", "A=", "=", "", "rwm", "x", "/"]
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**66), 2**66)
    | st.sampled_from([-1, 0, 2**32 - 1, 2**32, 2**63, 1.0, 0.5])
    | st.sampled_from(WORDS)
    | st.text(max_size=4)
)
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@st.composite
def variations(draw: st.DrawFn) -> Any:  # noqa: ANN401
    """Return a spec with up to three of its values changed, removed or put elsewhere."""
    wrong = st.sampled_from([make() for make, _ in WRONG.values()])
    value = copy.deepcopy(draw(st.just(MINIMAL) | st.just(FULL) | wrong))
    for _ in range(draw(st.integers(0, 3))):
        places = list(_places(value))
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        how = draw(st.sampled_from(["change", "remove", "copy", "add"]))
        if how == "remove":
            del holder[key]
        elif how == "change":
            holder[key] = draw(leaves)
        elif how == "copy":
            other, at = draw(st.sampled_from(places))
            holder[key] = copy.deepcopy(other[at])
        elif isinstance(holder, dict):
            holder[draw(st.sampled_from(["type", "env", "hostPath", "annotations"]))] = draw(leaves)
        else:
            holder.append(draw(leaves))
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401
    keys = list(value) if isinstance(value, dict) else range(len(value or ()))
    for key in keys:
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from _places(value[key])
