"""The words of a command line as values: shapes, numbers, KEY=VALUE."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

PYTHONS_WORDS = {"True": True, "False": False}
TABLES = ("config", "build", "load")


@dataclass(frozen=True)
class Input:
    """An input of the model; the name or the shape is None where it was not said."""

    name: str | None
    shape: tuple[int, ...] | None


@dataclass(frozen=True)
class Setting:
    """A value for the parameter `key` of what the toolkit calls config(), build() or load_…()."""

    table: str
    key: str
    value: object


def model_input(text: str) -> Input:
    """Return what "NAME:1,3,224,224", "1,3,224,224" or "NAME" says; names may hold colons."""
    name, colon, last = text.rpartition(":")
    shape = _shape(last)
    if shape is None:
        name, colon = text, ""
    if (colon and not name) or not text:
        raise argparse.ArgumentTypeError(f"{text!r} names no input; say NAME:1,3,224,224")
    return Input(name or None, shape)


def numbers(text: str) -> list[float]:
    """Return the numbers of "123.7,116.3,103.5": one for each channel of an input."""
    try:
        found = [float(word) for word in text.split(",")]
    except ValueError:
        found = [float("nan")]
    if not all(abs(one) < 1e30 for one in found):
        raise argparse.ArgumentTypeError(f"{text!r}: say a number a channel, such as 123.7,116,104")
    return found


def divisors(text: str) -> list[float]:
    """Return the numbers of "58.4,57.1,57.4": what each channel is divided by, so none is 0."""
    found = numbers(text)
    if not all(found):
        raise argparse.ArgumentTypeError(f"{text!r}: channels are divided by it, so none can be 0")
    return found


def setting(text: str) -> Setting:
    """Return what "KEY=VALUE" or "build.KEY=VALUE" says; VALUE as in TOML, or else a text."""
    place, equals, written = text.partition("=")
    table, dot, key = place.strip().rpartition(".")
    if not equals or not key or (dot and table not in TABLES):
        raise argparse.ArgumentTypeError(
            f"{text!r}: say KEY=VALUE for config(), build.KEY=VALUE or load.KEY=VALUE"
        )
    return Setting(table or "config", key, _value(written.strip()))


def share(text: str) -> float:
    """Return a cosine similarity: above 0, at most 1."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0 and at most 1")
    return found


def count(text: str) -> int:
    """Return a whole number from 1 on."""
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def _shape(text: str) -> tuple[int, ...] | None:
    words = text.split(",")
    if not all(word.isascii() and word.isdigit() and 0 < int(word) < 2**31 for word in words):
        return None
    return tuple(int(word) for word in words)


def _value(written: str) -> object:
    if written in PYTHONS_WORDS:
        return PYTHONS_WORDS[written]
    # 5 ms that most command lines need not spend.
    import tomllib  # noqa: PLC0415

    try:
        found = tomllib.loads(f"value = {written}")
    except tomllib.TOMLDecodeError:
        return written
    # "1\nother = 2" is a document of two keys.
    return found["value"] if len(found) == 1 else written
