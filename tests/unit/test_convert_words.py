"""Shapes and values are read back as they were written, whatever names hold."""

from __future__ import annotations

import argparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rknn_convert.words import Input, Setting, model_input, setting

SHAPES = st.lists(st.integers(1, 2**31 - 1), min_size=1, max_size=6).map(tuple)
KEYS = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1)
JSON_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=126))


@given(st.text(min_size=1), SHAPES)
def test_name_and_shape(name: str, shape: tuple[int, ...]) -> None:
    written = ",".join(map(str, shape))
    assert model_input(f"{name}:{written}") == Input(name, shape)
    assert model_input(written) == Input(None, shape)


@given(st.text(min_size=1).filter(lambda text: not text.replace(",", "").isdigit()))
def test_name_alone(name: str) -> None:
    assert model_input(f"{name}:0") == Input(f"{name}:0", None)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", 1),
        ("0.5", 0.5),
        ("true", True),
        ("False", False),
        ("mmse", "mmse"),
        ('"1"', "1"),
        ("[[1, 2], []]", [[1, 2], []]),
        ('{a = "cpu"}', {"a": "cpu"}),
        ("1\nb = 2", "1\nb = 2"),
        ("", ""),
        ("a=b", "a=b"),
    ],
)
def test_values(written: str, value: object) -> None:
    assert setting(f"key={written}") == Setting("config", "key", value)
    assert setting(f"load.key={written}") == Setting("load", "key", value)


@given(KEYS, JSON_TEXT)
def test_any_text_is_a_value(key: str, text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    assert setting(f'{key}="{escaped}"') == Setting("config", key, text)


@given(st.text())
def test_any_word_is_taken_or_refused(word: str) -> None:
    for read in (model_input, setting):
        refused = "say "
        try:
            assert isinstance(read(word), Input | Setting)
        except argparse.ArgumentTypeError as refusal:
            refused = str(refusal)
        assert "say " in refused
