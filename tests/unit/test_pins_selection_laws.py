"""Words combine as AND, commas as OR, and negation as NOT; what is written reads back the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from rknn_flake.pins import selection
from unit.pins_strategies import VALUES, entries

if TYPE_CHECKING:
    from rknn_flake.pins.entries import Entry

GLOBS = ("*", "*a*", "2.3.?", "cp3[1-9]*", "[!a]*")
OPPOSITES = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@st.composite
def parts(draw: st.DrawFn) -> tuple[str, tuple[str, ...]]:
    """Return what stands before the values of a word (nothing for a bare one), and its values."""
    key = draw(st.sampled_from(["", *selection.KEYS]))
    sign = draw(st.sampled_from(selection.KEYS[key])) if key else ""
    known = VALUES[key] if key else tuple(text for values in VALUES.values() for text in values)
    if sign == "~" or not key:
        known += GLOBS
    return key + sign, tuple(draw(st.lists(st.sampled_from(known), min_size=1, max_size=3)))


def word(part: tuple[str, tuple[str, ...]]) -> str:
    return part[0] + ",".join(part[1])


words = st.builds(lambda no, part: no + word(part), st.sampled_from(["", "!"]), parts())


def holds(text: str, entry: Entry) -> bool:
    return selection.parse(text).matches(entry)


@given(st.lists(words, max_size=4))
def test_a_selection_reads_back_from_its_text(texts: list[str]) -> None:
    made = selection.parse(texts)
    assert selection.parse(str(made)) == made
    assert selection.parse(str(made).split()) == made
    assert str(made) == " ".join(texts)


@given(st.lists(words, max_size=4), entries())
def test_all_words_must_hold(texts: list[str], entry: Entry) -> None:
    assert holds(" ".join(texts), entry) == all(holds(text, entry) for text in texts)


@given(parts(), entries())
def test_one_of_the_values_is_enough_and_none_for_unequal(
    part: tuple[str, tuple[str, ...]], entry: Entry
) -> None:
    each = [holds(part[0] + value, entry) for value in part[1]]
    assert holds(word(part), entry) == (all(each) if part[0].endswith("!=") else any(each))


@given(words, entries())
def test_not_turns_a_word_round(text: str, entry: Entry) -> None:
    turned = text.removeprefix("!") if text.startswith("!") else f"!{text}"
    assert holds(turned, entry) is not holds(text, entry)


@given(words, words, entries())
def test_not_of_both_is_one_not_or_the_other_not(first: str, second: str, entry: Entry) -> None:
    no_first, no_second = (
        text.removeprefix("!") if text.startswith("!") else f"!{text}" for text in (first, second)
    )
    both = holds(f"{first} {second}", entry)
    assert both is not (holds(no_first, entry) or holds(no_second, entry))


@given(parts().filter(lambda part: part[0].endswith("!=")), entries())
def test_unequal_is_not_equal(part: tuple[str, tuple[str, ...]], entry: Entry) -> None:
    unequal = word(part)
    assert holds(unequal, entry) is not holds(unequal.replace("!=", "="), entry)


@given(st.sampled_from(["release", "witnesses"]), st.sampled_from([*OPPOSITES]), st.data())
def test_below_is_not_at_least(key: str, sign: str, data: st.DataObject) -> None:
    entry, value = data.draw(entries()), data.draw(st.sampled_from(VALUES[key]))
    turned = holds(f"{key}{OPPOSITES[sign]}{value}", entry)
    assert holds(f"{key}{sign}{value}", entry) is not turned


@given(entries())
def test_what_has_no_python_is_neither_below_nor_above_one(entry: Entry) -> None:
    either = holds("python<cp39", entry) or holds("python>=cp39", entry)
    assert either is (entry.python is not None)
