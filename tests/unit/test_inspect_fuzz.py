"""No bytes, however mangled, make the reader crash or hang: over 3,000 cases."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rknn_convert.container import read
from rknn_convert.errors import ConvertError
from rknn_convert.inspect_json import as_json
from rknn_convert.inspect_text import as_text
from unit.inspect_files import QUANTIZED, cut_apart, seeds, small_bytes
from unit.rknn_file import container, rknn_bytes

if TYPE_CHECKING:
    from pathlib import Path

SEEDS = seeds()
BODY, TEXT = cut_apart(rknn_bytes(QUANTIZED))
# A case takes a few milliseconds; a second is a hang.
thoroughly = settings(
    max_examples=500,
    deadline=1000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the cases are written."""
    return tmp_path_factory.mktemp("fuzz") / "some.rknn"


def survived(path: Path, content: bytes) -> str:
    """Return "read", or the one line of the refusal; fail for anything else."""
    path.write_bytes(content)
    try:
        model = read(path)
    except ConvertError as error:
        said = str(error)
        assert said.startswith(f"{path}: "), said
        assert len(said) < len(str(path)) + 400, said
        assert said.isprintable(), said
        return said.removeprefix(f"{path}: ")
    lines = as_text(path, model).split("\n")
    assert all(line.isprintable() for line in lines), lines
    assert json.loads(json.dumps(as_json(path, model), allow_nan=False))["size"] == len(content)
    return "read"


@st.composite
def damaged(draw: st.DrawFn, original: bytes) -> bytes:
    """Return `original` with a few bytes changed, cut out or put in, often where the texts are."""
    content = bytearray(original)
    for _ in range(draw(st.integers(1, 6))):
        last = max(len(content) - 1, 0)
        place = draw(st.sampled_from(["header", "start", "anywhere", "end"]))
        first, most = {
            "header": (0, 72),
            "start": (64, 2500),
            "anywhere": (0, last),
            "end": (last - 1500, last),
        }[place]
        at = draw(st.integers(max(first, 0), max(most, 0)))
        new = draw(st.binary(max_size=8) | st.sampled_from([b"\xff" * 4, b"\0" * 8, b"[", b"'"]))
        cut = draw(st.sampled_from([0, 1, len(new), len(new), len(new)]))
        content[at : at + cut] = new
    return bytes(content)


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_the_seeds_themselves_are_read(path: Path, seed: int) -> None:
    assert survived(path, SEEDS[seed]) == "read"


@thoroughly
@given(content=st.sampled_from(SEEDS).flatmap(damaged))
def test_damaged_files(path: Path, content: bytes) -> None:
    survived(path, content)


@thoroughly
@given(data=st.data())
def test_truncated_files_are_all_refused(path: Path, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(SEEDS))
    near_the_end = st.integers(max(len(whole) - 40, 0), len(whole) - 1)
    length = data.draw(st.integers(0, len(whole) - 1) | st.integers(0, 80) | near_the_end)
    assert survived(path, whole[:length]).startswith(("cut short", "empty"))


@thoroughly
@given(body=damaged(BODY[:400]))
def test_damaged_tables(path: Path, body: bytes) -> None:
    survived(path, container(6, body + BODY[400:], TEXT))


@thoroughly
@given(content=damaged(small_bytes()))
def test_damaged_files_for_an_rv1106(path: Path, content: bytes) -> None:
    survived(path, content)


TOKENS = ["{", "}", "[", "]", "(", ")", ":", ",", "'", '"', "\\", "\\x1", "\\ud800", "1e9", "-"]
WORDS = ["nan", "inf", "None", "é", "\0", '"graph"', "'quant_tab'", "'attrs'", "'a'", "9" * 5000]
texts = st.lists(st.sampled_from(TOKENS + WORDS) | st.text(max_size=3), max_size=60).map("".join)


@thoroughly
@given(text=texts)
def test_other_texts_at_the_end_are_all_refused(path: Path, text: str) -> None:
    content = container(6, BODY, text.encode(errors="surrogatepass"))
    assert survived(path, content) != "read"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["tensor_id", "url", "size", "dtype", "vx_type", "left"]), inner
        )
    ),
    max_leaves=20,
)


@thoroughly
@given(data=st.data())
def test_descriptions_with_other_values_in_them(path: Path, data: st.DataObject) -> None:
    told = json.loads(TEXT)
    for key in data.draw(st.sets(st.sampled_from(sorted(told)), min_size=1, max_size=3)):
        inside = told[key][0] if isinstance(told[key], list) else None
        if isinstance(inside, dict) and data.draw(st.booleans()):
            inside[data.draw(st.sampled_from(sorted(inside)))] = data.draw(values)
        else:
            told[key] = data.draw(values)
    survived(path, container(6, BODY, json.dumps(told).encode()))


@settings(max_examples=100)
@given(content=st.binary(max_size=300), magic=st.booleans())
def test_any_other_bytes_are_refused(path: Path, content: bytes, *, magic: bool) -> None:
    start = b"RKNN" + struct.pack("<4xQ", 6) if magic else b""
    assert survived(path, start + content) != "read"
