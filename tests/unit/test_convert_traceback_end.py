"""Of a traceback in an error's text only its end is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rknn_convert.traceback_end import raised

FRAMES = (
    'Traceback (most recent call last):\n  File "rknn/api/x.py", line 3, in f\n    f()\n    ^^^\n'
)
INNER = f"{FRAMES}KeyError: 'a'\n\nDuring handling of the above exception, another occurred:\n\n"
ENDS = [
    ("ValueError: Model file a.onnx not exists!", "Model file a.onnx not exists!"),
    ("ValueError: Two lines\n  and: more", "Two lines\n  and: more"),
    ("KeyError: 'q_mm'", "KeyError: 'q_mm'"),
    ("google.protobuf.message.DecodeError: Error parsing", "DecodeError: Error parsing"),
    ("RuntimeError", "RuntimeError"),
]


@pytest.mark.parametrize(("end", "told"), ENDS)
@pytest.mark.parametrize(
    "before", ["", FRAMES, f"ValueError: {FRAMES}", f"ValueError: {INNER}{FRAMES}"]
)
def test_end(before: str, end: str, told: str) -> None:
    assert raised(f"{before}{end}\n") == told


@pytest.mark.parametrize("text", ["", "no traceback", "a: b\nc: d", "rank of x: [1], 4"])
def test_other_texts_stay(text: str) -> None:
    assert raised(text) == text


@given(st.text())
def test_any_text(text: str) -> None:
    assert raised(text) in text
    assert "Traceback (" not in raised(f"ValueError: {FRAMES}KeyError: 1")
