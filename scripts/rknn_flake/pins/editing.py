"""Changes to the text of sources.toml that keep its comments and its layout."""

from __future__ import annotations

import re
import tomllib
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from rknn_flake.atomic import changing, replace
from rknn_flake.errors import BadFileError
from rknn_flake.pins.sources import KEYS, LISTS, RELEASE_KEYS, is_table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import ModuleType

    from tomlkit import TOMLDocument

    from rknn_flake.pins.entries import Entry

P = ParamSpec("P")

# The first line of a release's own table, or of one of its files; and of any table.
HEADER = re.compile(
    r"""^[ \t]*\[\[?[ \t]*releases[ \t]*\.[ \t]*["'](?P<release>[^"'\n]+)["']""", re.MULTILINE
)
TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)


def edit(path: Path, change: Callable[[str], str]) -> None:
    """Replace the file's text by what `change` makes of it; one run at a time does this.

    Raises BadFileError, with the file as it was, when it is gone or either text is no TOML.
    """
    with changing(path):
        try:
            text = change(path.read_bytes().decode())
            tomllib.loads(text)
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise BadFileError(f"{path}: not TOML: {error}; mend it by hand first") from error
        except OSError as error:
            raise BadFileError(f"{path}: {error.strerror}; check --file") from error
        replace(path, text)


def with_its_newlines(
    change: Callable[Concatenate[str, P], str],
) -> Callable[Concatenate[str, P], str]:
    """Let `change` see Unix line ends, and give its result those that the text has."""

    @wraps(change)
    def changed(text: str, /, *arguments: P.args, **named: P.kwargs) -> str:
        if text.count("\r\n") == text.count("\n") > 0:
            return change(text.replace("\r\n", "\n"), *arguments, **named).replace("\n", "\r\n")
        return change(text, *arguments, **named)

    return changed


@with_its_newlines
def set_keys(text: str, entry: Entry, values: Mapping[str, Any]) -> str:
    """Return `text` with the keys `values` in the table of `entry`, each in its usual place.

    Raises BadFileError when somebody has taken the entry out since it was read.
    """
    document = _parsed(text)
    table = _table_of(document, entry)
    present = [key for key in KEYS if key in table]
    for key in sorted(values, key=_rank):
        value = values[key]
        if key not in table:
            before = [other for other in present if _rank(other) < _rank(key)]
            _add_below(table[before[-1]], key, value)
        elif table[key] != (list(value) if key in LISTS else value):
            table[key] = _item(key, value)
    return str(_tomlkit().dumps(document))


@with_its_newlines
def set_default(text: str, component: str, release: str) -> str:
    """Return `text` with `release` as the one that is taken for `component` unless told."""
    document = _parsed(text)
    if "defaults" not in document:
        raise BadFileError("no table defaults; write [defaults] above the releases")
    defaults: Any = document["defaults"]
    if defaults and component not in defaults:
        _add_below(defaults[list(defaults)[-1]], component, release)
    else:
        defaults[component] = release
    return str(_tomlkit().dumps(document))


@with_its_newlines
def add_release(text: str, release: str, about: Mapping[str, str]) -> str:
    """Return `text` with an empty release before all others; `about` is its tag and rev, if any.

    A release that is there already stays as it is.
    """
    lines = "".join(_line(key, about[key]) for key in RELEASE_KEYS if key in about)
    if release in tomllib.loads(text).get("releases", {}):
        return text
    first = HEADER.search(text)
    at = above_comments(text, first.start()) if first else len(text)
    return _inserted(text, at, f'[releases."{release}"]\n{lines}')


@with_its_newlines
def add_entry(text: str, entry: Entry) -> str:
    """Return `text` with a table for `entry` after the others of its release, which is there.

    Nothing is added twice. Raises BadFileError when another file has its place.
    """
    values = {key: getattr(entry, name) for key, name in KEYS.items()}
    values = {key: value for key, value in values.items() if value not in (None, ())}
    files = tomllib.loads(text).get("releases", {}).get(entry.release, {}).get("files", ())
    for file in files:
        if is_table_of(file, entry):
            if {key: tuple(file[key]) if key in LISTS else file[key] for key in file} == values:
                return text
            raise BadFileError(f"{entry.label}: in the file already, with other keys; keep one")
    lines = "".join(_line(key, value) for key, value in values.items())
    at = _end_of_release(text, entry.release)
    return _inserted(text, at, f'[[releases."{entry.release}".files]]\n{lines}')


def _tomlkit() -> ModuleType:
    # Half a tenth of a second that reading commands need not wait for.
    return import_module("tomlkit")


def _parsed(text: str) -> TOMLDocument:
    tomlkit = _tomlkit()
    try:
        document: TOMLDocument = tomlkit.parse(text)
    except tomlkit.exceptions.TOMLKitError as error:
        # 'Key "files" already exists': before 0.15.2, for a release's files below another's.
        raise BadFileError(
            f"tomlkit {tomlkit.__version__} can't read it: {error}; "
            "let the tables of each release stand together"
        ) from error
    return document


def _table_of(document: TOMLDocument, entry: Entry) -> Any:  # noqa: ANN401
    release: Any = document.get("releases", {}).get(entry.release, {})
    found = [table for table in release.get("files", ()) if is_table_of(table, entry)]
    if not found:
        raise BadFileError(
            f"{entry.label}: no longer in the file; somebody took it out; run it again"
        )
    if len(found) > 1:
        raise BadFileError(f"{entry.label}: {len(found)} tables are for this file; keep one")
    return found[0]


def _rank(key: str) -> int:
    return list(KEYS).index(key)


def _line(key: str, value: Any) -> str:  # noqa: ANN401
    tomlkit = _tomlkit()
    table = tomlkit.document()
    table[key] = _item(key, value)
    return str(tomlkit.dumps(table))


def _add_below(item: Any, key: str, value: Any) -> None:  # noqa: ANN401
    """Put a new key on the line after `item`.

    Appending is no use: tomlkit counts the comments above the next table to this one, and puts
    the key below them.
    """
    ended = item.trivia.trail.endswith("\n")
    item.trivia.trail += ("" if ended else "\n") + _line(key, value)


def _item(key: str, value: Any) -> Any:  # noqa: ANN401
    """Return a TOML value; a list of texts stands one on a line, except a single URL."""
    if not isinstance(value, tuple | list):
        return value
    array = _tomlkit().array()
    if key == "urls" and len(value) == 1:
        array.append(value[0])
        return array
    for text in value:
        array.add_line(text, indent="  ")
    array.add_line(indent="")
    return array


def above_comments(text: str, at: int) -> int:
    """Return where the comment lines begin that stand directly above the line at `at`."""
    while True:
        before = text.rfind("\n", 0, max(at - 1, 0)) + 1
        if before >= at or not text[before:at].lstrip(" \t").startswith("#"):
            return at
        at = before


def _end_of_release(text: str, release: str) -> int:
    own = [header for header in HEADER.finditer(text) if header["release"] == release]
    if not own:
        raise BadFileError(f'no table releases."{release}" to add to; write it as in the others')
    following = TABLE.search(text, own[-1].end())
    return above_comments(text, following.start()) if following else len(text)


def _inserted(text: str, at: int, added: str) -> str:
    """Put the table `added` at `at`, where a line begins, with a blank line on each side."""
    before, after = text[:at], text[at:]
    if before and not before.endswith("\n"):
        before += "\n"
    if before and not before.endswith("\n\n"):
        before += "\n"
    return before + added + ("\n" if after else "") + after
