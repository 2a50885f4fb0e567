"""A selection that matches nothing says which word is to blame and what there is instead."""

from __future__ import annotations

import pytest

from rknn_flake.errors import UsageError
from rknn_flake.pins import selection
from unit.pins_fixtures import entry, wheel

ENTRIES = (entry(), entry(release="2.3.0"), wheel(), wheel(release="2.5.0"))
NOTHING = {
    "release=2.9": "release=2.9: no file matches release=2.9; there are 2.3.2, 2.3.0, 2.5.0",
    "release=2.5.1": "release=2.5.1: no file matches release=2.5.1; did you mean 2.5.0? "
    "there are 2.3.2, 2.3.0, 2.5.0",
    "librknrt": "librknrt: no file matches librknrt; did you mean librknnrt? "
    "there are 2.3.2, 2.3.0, 2.5.0, librknnrt, rknn-toolkit-lite2, aarch64, cp312",
    "aarch64 2.5.0 librknnrt": "aarch64 2.5.0 librknnrt: no file of aarch64 2.5.0 matches "
    "librknnrt; there are 2.5.0, rknn-toolkit-lite2, aarch64, cp312",
    "!aarch64": "!aarch64: no file matches !aarch64; "
    "there are 2.3.2, 2.3.0, 2.5.0, librknnrt, rknn-toolkit-lite2, aarch64, cp312",
    "librknnrt python=cp39": "librknnrt python=cp39: no file of librknnrt matches python=cp39: "
    "none has a python",
}


@pytest.mark.parametrize(("words", "message"), NOTHING.items())
def test_the_first_word_to_blame_is_named(words: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        selection.chosen(ENTRIES, words.split())
    assert str(caught.value) == message


def test_many_values_are_cut_short() -> None:
    entries = [entry(name=f"{number}.so") for number in range(30)]
    with pytest.raises(UsageError, match=r"there are 0\.so, .*, 11\.so and 18 more$"):
        selection.chosen(entries, ["name=x"])


def test_what_matches_is_returned_in_order() -> None:
    assert selection.chosen(ENTRIES, ["librknnrt"]) == ENTRIES[:2]
    assert selection.chosen(ENTRIES, []) == ENTRIES
