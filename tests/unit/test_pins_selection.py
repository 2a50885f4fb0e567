"""Words choose entries: every key and operator, with what each takes and leaves."""

from __future__ import annotations

import pytest

from rknn_flake.errors import UsageError
from rknn_flake.pins import selection
from unit.pins_fixtures import entry, wheel

ENTRIES = {
    "runtime": entry(),
    "armhf": entry(arch="armhf", hash=None),
    "old": entry(release="2.3.0", records=("somebody",)),
    "header": entry(component="rknn_api.h", arch="any", name="rknn_api.h", disputes=("a",)),
    "cp39": wheel(python="cp39"),
    "cp310": wheel(python="cp310"),
    "beta": wheel(release="2.10.0-beta0", urls=("https://mirror.example/a.whl",)),
}
CHOSEN = {
    "": "runtime armhf old header cp39 cp310 beta",
    "librknnrt": "runtime armhf old",
    "2.3.0": "old",
    "cp310": "cp310",
    "any": "header",
    "*.so": "runtime armhf old",
    "rknn_toolkit*-cp3[19]*": "cp39 cp310 beta",
    "2.3.0,any": "old header",
    "!librknnrt": "header cp39 cp310 beta",
    "!librknnrt,any": "cp39 cp310 beta",
    "!2.3.2 !*.whl": "old",
    "*.s[!a]": "runtime armhf old",
    "release=2.3.0": "old",
    "release=2.3.0,2.10.0-beta0": "old beta",
    "release=2.10.0b0": "beta",
    "release!=2.3.2": "old beta",
    "release!=2.3.2,2.3.0": "beta",
    "!release=2.3.2": "old beta",
    "!release!=2.3.2": "runtime armhf header cp39 cp310",
    "release~2.3.*": "runtime armhf old header cp39 cp310",
    "release<2.3.2": "old",
    "release<=2.3.2 librknnrt": "runtime armhf old",
    "release>2.9": "beta",
    "release>=2.10.0": None,
    "python<cp310": "cp39",
    "python>=3.10": "cp310 beta",
    "python=py3.9": "cp39",
    "python!=cp312,cp39": "runtime armhf old header cp310",
    "python~cp3*": "cp39 cp310 beta",
    "component=rknn_api.h": "header",
    "component~rknn*": "header cp39 cp310 beta",
    "arch=armhf,any": "armhf header",
    "name=librknnrt.so arch!=armhf": "runtime old",
    "source=pypi": "cp39 cp310",
    "source!=github": "cp39 cp310 beta",
    "source=mirror.example": "beta",
    "source~*.example": "beta",
    "state=missing": "armhf",
    "state=disputed": "header",
    "state!=pinned": "armhf header",
    "witnesses>1": "old",
    "witnesses=2,3": "old",
    "witnesses<2 *.so": "runtime armhf",
}


@pytest.mark.parametrize(("words", "names"), CHOSEN.items())
def test_words_choose(words: str, names: str | None) -> None:
    wanted = selection.parse(words)
    found = [name for name, one in ENTRIES.items() if wanted.matches(one)]
    assert " ".join(found) == (names or "")


BAD = {
    "relaese=2.3.2": "unknown key 'relaese'; did you mean release?",
    "colour=red": "unknown key 'colour'; known are release, component,",
    "=2.3.2": "unknown key ''; known are",
    "!=2.3.2": "unknown key ''; known are",
    "component<librknnrt": "component takes = != ~, not <",
    "state~p*": "state takes = !=, not ~",
    "state=pined": "unknown state 'pined'; did you mean pinned?",
    "state!=x": "unknown state 'x'; known are pinned, missing, disputed",
    "source=pipy": "unknown source 'pipy'; did you mean pypi?",
    "source=here": "unknown source 'here'; known are pypi, github",
    "release<new": "'new' is no version; write one such as 2.3.2, or use ~",
    "release=2.3.2,": "a value is empty",
    "release=": "a value is empty",
    "!": "a value is empty",
    "release==2.3.2": "'=2.3.2' begins with an operator; there are = != ~ < <= > >=",
    "release>=2.3,<2.5": "'<2.5' begins with an operator",
    "release!2.3": "a ! in the middle",
    "!!2.3": "a ! in the middle",
    "python=pypy": "'pypy' is no Python; write one such as cp312, or use ~",
    "python<cp3": "'cp3' is no Python",
    "witnesses=many": "'many' is no number",
    "witnesses>-1": "'-1' is no number",
    "witnesses=²": "'²' is no number",
}


@pytest.mark.parametrize(("word", "reason"), BAD.items())
def test_a_bad_word_gets_one_line_that_begins_with_it(word: str, reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        selection.parse(["arch=any", word])
    message = str(caught.value)
    assert message.startswith(f"{word}: "), message
    assert reason in message
    assert "\n" not in message


def test_every_key_of_the_help_is_known() -> None:
    keys = selection.HELP.rpartition("Keys: ")[2].rstrip(".").split(", ")
    assert sorted(keys) == sorted(selection.KEYS)
