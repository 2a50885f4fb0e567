"""What the compiler never set becomes zero, and nothing else; unknown layouts are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rknn_convert.canonical import canonical, refusal
from unit.canonical_files import COMPILER, PAIRS_8, PAIRS_9, WORDS, registers_file

Pairs = tuple[tuple[int, int], ...]
# By SoC: the slots of pairs that the vendor's compiler does not set, in its two kinds of records.
UNSET: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "rk3562": ((), ()),
    "rk3566": ((), (5, 6, 7, 8, 9)),
    "rk3568": ((), (5, 6, 7, 8, 9)),
    "rk3576": ((), (11, 12)),
    "rk3588": ((2,), (6, 7, 8, 11, 12)),
}
# From two of the vendor's published models: parts of pointers to the heap and to a library.
GARBAGE = (0xE8013EB0, 0x55DA)
ANY_PAIR = st.tuples(*[st.integers(0, 2**32 - 1)] * 2)


def pairs(count: int, unset: tuple[int, ...] = (), garbage: tuple[int, int] = GARBAGE) -> Pairs:
    """Return `count` pairs as a compiler sets them, with `garbage` in the slots of `unset`."""
    return tuple(garbage if n in unset else (0x6000A120 + n, 1 + n) for n in range(count))


def made(soc: str, garbage: tuple[int, int] = GARBAGE) -> bytearray:
    unset_8, unset_9 = UNSET[soc]
    in_8, in_9 = pairs(PAIRS_8, unset_8, garbage), pairs(PAIRS_9, unset_9, garbage)
    return bytearray(registers_file(in_8, in_9, soc=soc, weights=bytes(range(256))))


def left_alone(content: bytearray) -> str:
    """Assert that `content` is not touched; return why."""
    before = bytes(content)
    why = refusal(content)
    assert canonical(content) == 0
    assert bytes(content) == before
    assert why is not None
    return why


@pytest.mark.parametrize("soc", UNSET)
@given(one=ANY_PAIR, other=ANY_PAIR)
def test_files_that_differ_in_unset_pairs_become_equal(
    soc: str, one: tuple[int, int], other: tuple[int, int]
) -> None:
    first, second = made(soc, one), made(soc, other)
    assert refusal(first) is None
    canonical(first)
    canonical(second)
    assert first == second


@pytest.mark.parametrize("soc", UNSET)
def test_the_unset_pairs_of_both_tasks_are_zero_and_nothing_else_is_changed(soc: str) -> None:
    content, zeroed = made(soc), made(soc, (0, 0))
    differ = sum(map(int.__ne__, content, zeroed))
    assert canonical(content) == differ
    assert content == zeroed
    assert differ == 2 * 6 * sum(map(len, UNSET[soc]))  # GARBAGE has 6 bytes that are not 0


@pytest.mark.parametrize("soc", UNSET)
def test_a_second_time_changes_nothing(soc: str) -> None:
    content = made(soc)
    canonical(content)
    assert canonical(content) == 0


@pytest.mark.parametrize("soc", set(UNSET) - {"rk3562"})
def test_files_that_differ_in_a_pair_that_is_set_stay_different(soc: str) -> None:
    unset_8, unset_9 = UNSET[soc]
    in_8, in_9 = pairs(PAIRS_8, unset_8), pairs(PAIRS_9, unset_9)
    for slot in set(range(PAIRS_9)) - set(unset_9):
        changed = (*in_9[:slot], (0, in_9[slot][1]), *in_9[slot + 1 :])
        first = bytearray(registers_file(in_8, in_9, soc=soc))
        second = bytearray(registers_file(in_8, changed, soc=soc))
        canonical(first)
        canonical(second)
        assert first != second, slot


@pytest.mark.parametrize("word", [0, WORDS, GARBAGE[1]])
def test_a_pair_that_is_of_no_command_word_leaves_the_file_alone(word: int) -> None:
    in_9 = (*pairs(PAIRS_9, UNSET["rk3588"][1])[:-3], (1, word), GARBAGE, GARBAGE)
    content = bytearray(registers_file(pairs(PAIRS_8, (2,)), in_9))
    assert "pair 10" in left_alone(content)
    assert "of no command word" in left_alone(content)


def test_the_last_command_word_is_one() -> None:
    in_8 = (*pairs(PAIRS_8, (2,))[:-1], (1, WORDS - 1))
    content = bytearray(registers_file(in_8, pairs(PAIRS_9, UNSET["rk3588"][1])))
    assert refusal(content) is None


@pytest.mark.parametrize(
    ("soc", "compiler", "said"),
    [
        ("rk3588", COMPILER.replace("version: 2.3.2", "version: 2.4.0"), "its compiler is 2.4.0"),
        ("rk3588", "2.3.2", "its compiler is not named"),
        ("rk3399", COMPILER, "it is for rk3399"),
    ],
)
def test_another_compiler_or_soc_leaves_the_file_alone(soc: str, compiler: str, said: str) -> None:
    in_8, in_9 = pairs(PAIRS_8, (2,)), pairs(PAIRS_9, (6,))
    content = bytearray(registers_file(in_8, in_9, soc=soc, compiler=compiler))
    assert said in left_alone(content)


def test_records_with_fewer_pairs_leave_the_file_alone() -> None:
    content = bytearray(registers_file(pairs(PAIRS_8), pairs(11)))
    assert "no pair 11" in left_alone(content)


def test_another_format_leaves_the_file_alone() -> None:
    content = bytearray(registers_file(pairs(PAIRS_8), pairs(PAIRS_9), version=0x1004))
    assert "format 6" in left_alone(content)


@given(st.data())
def test_damaged_files_are_read_within_their_bounds(data: st.DataObject) -> None:
    content = made(data.draw(st.sampled_from(sorted(UNSET))))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    before = bytes(content)
    why = refusal(content)
    changed = canonical(content)
    different = [after for old, after in zip(before, content, strict=True) if old != after]
    assert different == [0] * changed
    assert why is None or not changed
