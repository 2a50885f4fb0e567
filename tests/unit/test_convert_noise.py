"""What matters of the toolkit's noise is found in it, however it comes in pieces."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from rknn_convert.noise import LONGEST_LINE, Mark, Noise

RED, END = "\x1b[1;31m", "\x1b[0m"
BAR = "\rI {}:{:4}%|██   | {}/100 [00:00<?, ?it/s]"
# Taken from rknn-toolkit2 2.3.2; the complaint stands on the bar's line.
PRINTED = (
    "I rknn-toolkit2 version: 2.3.2\n"
    + BAR.format("Loading ", 0, 0)
    + BAR.format("OpFusing 1 ", 50, 50)
    + f"{RED}E{END} {RED}build: The image of x.jpg is invalid!{END}\n"
    f"{RED}E{END} {RED}rknn-toolkit2 version: 2.3.2{END}\n"
    f"{RED}E{END} {RED}build: Traceback (most recent call last):\n"
    "  File x\n"
    "E RKNN: [17:14:03.775] Unkown op target: 0\n"
    f"{RED}W{END} {RED}load_tflite: 'import tensorflow' failed! Please use{END}\n"
    f"{RED}W{END} {RED}load_tflite: and more{END}\n"
    "I rknn building ...\n"
    "No lowering found for: a, b, node type = Det, use CustomOperatorLower instead.\n"
    "No lowering found for: a, b, node type = Det, use CustomOperatorLower instead."
)
MARKS = [Mark("Loading", 0.0), Mark("OpFusing 1", 0.5), Mark("rknn building", 0.0)]


@given(st.lists(st.integers(0, len(PRINTED.encode()))))
def test_the_same_in_any_pieces(cuts: list[int]) -> None:
    data = PRINTED.encode()
    noise = Noise()
    marks: list[Mark] = []
    places = [0, *sorted(cuts), len(data)]
    for begin, end in itertools.pairwise(places):
        marks += noise.feed(data[begin:end])
    noise.end()
    assert marks == MARKS
    assert list(noise.errors) == [
        "The image of x.jpg is invalid!",
        "'import tensorflow' failed! Please use",
    ]
    assert list(noise.unsupported) == [("a, b", "Det")]


@given(st.lists(st.binary(max_size=200)))
def test_any_bytes_are_taken(pieces: list[bytes]) -> None:
    noise = Noise()
    for piece in pieces:
        for mark in noise.feed(piece):
            assert 0 <= mark.done <= 1
    noise.end()


def test_a_line_without_end_is_not_kept_whole() -> None:
    noise = Noise()
    for _ in range(100):
        assert list(noise.feed(b"x" * 50_000)) == []
    assert len(noise._rest) <= LONGEST_LINE
