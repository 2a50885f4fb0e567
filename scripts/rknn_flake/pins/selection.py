"""Choosing entries of sources.toml by words such as `release=2.3.2`, `python>=cp310`, `!armhf`.

All words must hold. A word is a key, an operator and values with commas between; one of the values
is enough, with != none may hold:

    key         operators            a value is
    release     = != ~ < <= > >=     a version, in their order: 2.0.0-beta0 < 2.0.0 < 2.10.0
    python      = != ~ < <= > >=     as in cp312 or 3.12; files that are no wheels have none
    witnesses   = !=   < <= > >=     a number
    state       = !=                 pinned, missing or disputed
    source      = != ~               pypi, github, or a host
    component, arch, name = != ~     its text

`~` takes a pattern with * ? and [ ]. A word without an operator is a release, component, arch or
python as it stands, or a pattern for the name. `!` before a word: what it does not match.
"""

from __future__ import annotations

import difflib
import operator
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, get_args

from rknn_flake.errors import UsageError
from rknn_flake.pins import versions
from rknn_flake.pins.entries import SOURCES, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rknn_flake.pins.entries import Entry

HELP = """\
SELECTION is words that must all hold; quote them for the shell:
  librknnrt 2.3.2 aarch64 cp312     a component, release, arch or Python
  '*.whl'                           a pattern for the file's name
  release=2.3.2,2.3.0               one of these; != none of these; name~'*arm*' a pattern
  'release>=2.3.0' 'python<cp310'   in the order of versions; also 'witnesses>=2'
  state=missing source=pypi         pinned, missing, disputed; pypi, github or a host
  '!armhf' '!state=pinned'          what the word does not match
Keys: release, component, arch, python, name, source, state, witnesses."""

WORD = re.compile(r"(?P<key>[^=!<>~]*)(?P<operator><=|>=|!=|=|~|<|>)(?P<values>.*)", re.DOTALL)
ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
# Key -> the operators that make sense for it.
ORDERED = ("=", "!=", "~", "<", "<=", ">", ">=")
KEYS = {
    "release": ORDERED,
    "component": ("=", "!=", "~"),
    "arch": ("=", "!=", "~"),
    "python": ORDERED,
    "name": ("=", "!=", "~"),
    "source": ("=", "!=", "~"),
    "state": ("=", "!="),
    "witnesses": ("=", "!=", "<", "<=", ">", ">="),
}
BARE = ("release", "component", "arch", "python")
SHOWN = 12


@dataclass(frozen=True)
class Word:
    """One word; a bare one has an empty `key` and `operator`."""

    key: str
    operator: str
    values: tuple[str, ...]
    negated: bool = False

    def __str__(self) -> str:
        """Return the word as it is read."""
        return f"{'!' * self.negated}{self.key}{self.operator}{','.join(self.values)}"

    def matches(self, entry: Entry) -> bool:
        """Say whether the word holds for an entry."""
        found = any(self._holds(entry, value) for value in self.values)
        return found is not (self.negated is not (self.operator == "!="))

    def _holds(self, entry: Entry, value: str) -> bool:
        if not self.key:
            return value in _texts(entry, BARE) or fnmatchcase(entry.name, value)
        has = _text(entry, self.key)
        if has is None:
            return False
        if self.operator == "~":
            return fnmatchcase(has, value)
        found, wanted = _ordered(self.key, has), _ordered(self.key, value)
        return found is not None and ORDERS[self.operator.lstrip("!")](found, wanted)


@dataclass(frozen=True)
class Selection:
    """Words that must all hold; none at all selects everything."""

    words: tuple[Word, ...]

    def __str__(self) -> str:
        """Return the words as they are read, with spaces between."""
        return " ".join(str(word) for word in self.words)

    def matches(self, entry: Entry) -> bool:
        """Say whether every word holds for an entry."""
        return all(word.matches(entry) for word in self.words)


def parse(words: Sequence[str] | str) -> Selection:
    """Return the selection that `words` spell, from a command line or with spaces between.

    Raises UsageError for an unknown key or operator, or a value that the key can't have.
    """
    text = words if isinstance(words, str) else " ".join(words)
    return Selection(tuple(_word(word) for word in text.split()))


def chosen(entries: Sequence[Entry], words: Sequence[str]) -> tuple[Entry, ...]:
    """Return the entries that `words` select; raise UsageError, with what there is, for none."""
    selection = parse(words)
    left = tuple(entries)
    for number, word in enumerate(selection.words):
        matched = tuple(entry for entry in left if word.matches(entry))
        if not matched:
            raise UsageError(_nothing(selection, number, left))
        left = matched
    return left


def _word(text: str) -> Word:
    negated = text.startswith("!") and not text.startswith("!=")
    found = WORD.fullmatch(text[negated:])
    key, sign, rest = found.groups() if found else ("", "", text[negated:])
    if found:
        _known(text, key, sign)
    values = tuple(rest.split(","))
    if "" in values:
        raise UsageError(f"{text}: a value is empty; write one, as in release=2.3.2")
    # [!a] in a pattern is any character but a.
    if not found and re.search(r"(?<!\[)!", rest):
        raise UsageError(f"{text}: a ! in the middle; write it before the word, or as in arch!=any")
    for value in values:
        if found and value[0] in "=<>~":
            raise UsageError(
                f"{text}: {value!r} begins with an operator; there are {' '.join(ORDERED)}, "
                "and one to a word"
            )
        if sign != "~":
            _check(text, key, value)
    return Word(key, sign, values, negated)


def _known(text: str, key: str, sign: str) -> None:
    if key not in KEYS:
        near = difflib.get_close_matches(key.lower(), KEYS, 1)
        meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(KEYS)}"
        raise UsageError(f"{text}: unknown key {key!r}; {meant}")
    if sign not in KEYS[key]:
        raise UsageError(f"{text}: {key} takes {' '.join(KEYS[key])}, not {sign}")


def _check(text: str, key: str, value: str) -> None:
    """Raise UsageError for a value that the key can't have."""
    if key == "release" and versions.release(value) is None:
        raise UsageError(f"{text}: {value!r} is no version; write one such as 2.3.2, or use ~")
    if key == "python" and versions.python(value) is None:
        raise UsageError(f"{text}: {value!r} is no Python; write one such as cp312, or use ~")
    if key == "witnesses" and not (value.isascii() and value.isdigit()):
        raise UsageError(f"{text}: {value!r} is no number; write one such as 2")
    known: Iterable[str] = ()
    if key == "state":
        known = get_args(State)
    elif key == "source" and not re.search(r"[.:]|^localhost$", value):
        known = dict.fromkeys(SOURCES.values())
    if known and value not in known:
        near = difflib.get_close_matches(value, known, 1, 0.5)
        meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
        raise UsageError(f"{text}: unknown {key} {value!r}; {meant}")


def _text(entry: Entry, key: str) -> str | None:
    value = getattr(entry, key)
    return None if value is None else str(value)


def _texts(entry: Entry, keys: Iterable[str]) -> list[str]:
    return [text for key in keys if (text := _text(entry, key)) is not None]


def _ordered(key: str, text: str) -> object:
    """Return what to compare by: equal and in order as the key's values are; None for no value."""
    if key == "release":
        return versions.release(text)
    if key == "python":
        return versions.python(text)
    return int(text) if key == "witnesses" else text


def _nothing(selection: Selection, number: int, left: Sequence[Entry]) -> str:
    """Say which word is the first that leaves nothing, and what it could have been."""
    word = selection.words[number]
    before = Selection(selection.words[:number])
    keys = (word.key,) if word.key else BARE
    texts = dict.fromkeys(text for key in keys for entry in left for text in _texts(entry, [key]))
    of = f" of {before}" if before.words else ""
    if not texts:
        return f"{selection}: no file{of} matches {word}: none has a {word.key}"
    there = ", ".join(list(texts)[:SHOWN])
    more = f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
    near = [found for value in word.values for found in difflib.get_close_matches(value, texts, 1)]
    meant = f" did you mean {near[0]}?" if near and not word.negated else ""
    return f"{selection}: no file{of} matches {word};{meant} there are {there}{more}"
