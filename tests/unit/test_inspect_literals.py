"""Python's literals are read as Python would, and nothing else is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rknn_convert.literal import from_json, from_python
from rknn_convert.span import DamagedError

leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
)


def with_lists(value: Any) -> Any:  # noqa: ANN401
    """Return `value` with tuples as lists."""
    if isinstance(value, dict):
        return {key: with_lists(one) for key, one in value.items()}
    return [with_lists(one) for one in value] if isinstance(value, (list, tuple)) else value


@given(values)
def test_what_python_writes_is_read(value: Any) -> None:  # noqa: ANN401
    assert from_python(repr(value), "it") == with_lists(value)


@given(values)
def test_json_is_read(value: Any) -> None:  # noqa: ANN401
    assert from_json(json.dumps(value), "it") == with_lists(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(1,)", [1]),
        ("{'a': (1, 2,),}", {"a": [1, 2]}),
        (r"'\x41\u00e9\U0001f600\n\'\"'", "Aé😀\n'\""),
        ("[1e-05, -2.5, True]", [1e-05, -2.5, True]),
    ],
)
def test_python_only(text: str, value: object) -> None:
    assert from_python(text, "it") == value


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "'",
            "'a",
            '"a',
            "a",
            "nan()",
            "b'a'",
            "__import__('os')",
            "'\\xzz'",
            "'\\Uffffffff'",
        ),
        *("[1", "1 2", "(", "{1: 2}", "'a' 'b'", "0x10", "1_0", "[" * 9999),
    ],
)
def test_others_are_refused_in_one_line(text: str) -> None:
    with pytest.raises(DamagedError) as caught:
        from_python(text, "its table")
    said = str(caught.value)
    assert said.startswith(("damaged: its table is no Python", "damaged: its table is nested")), (
        said
    )
    assert said.isprintable(), said


@pytest.mark.parametrize("text", ["'\\" + "'\\" * 500_000, "'" + "a\\" * 500_000, "(" * 10**6])
def test_time_grows_with_the_length_only(text: str) -> None:
    with pytest.raises(DamagedError):
        from_python(text, "it")
