"""An edit of sources.toml changes the lines it must and no other, whatever the layout."""

from __future__ import annotations

import copy
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rknn_flake.pins import editing, sources
from unit.pins_documents import IDENTITIES, Document, documents
from unit.pins_fixtures import entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rknn_flake.pins.entries import Entry

NEW: dict[str, Any] = {
    "size": 8,
    "hash": "sha256-new",
    "git-blob": "1" * 40,
    "pypi-sha256": "2" * 64,
    "urls": ("https://new.example/a.so",),
    "records": ("one", "twö # three", '"four"'),
    "disputes": ("PyPI: another",),
    "trust-on-first-use": "2026-01-31: why",
}
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def entries_of(document: Document) -> list[Entry]:
    """Return the entries as sources.read makes them, without a file."""
    table = tomllib.loads(document.text)
    return [
        sources._entry(Path("a"), release, number, file)
        for release, about in table["releases"].items()
        for number, file in enumerate(about["files"])
    ]


def is_within(lines: Iterable[str], whole: Sequence[str]) -> bool:
    """Say whether `lines` stand in `whole`, in this order, perhaps with others between."""
    left = iter(whole)
    return all(line in left for line in lines)


def same_line_ends(document: Document, after: str) -> bool:
    if document.newline == "\r\n" and len(document.lines) > 1:
        return after.count("\n") == after.count("\r\n")
    return "\r" not in after


def check_lines(document: Document, after: str, changed: set[tuple[str, int | None, str]]) -> None:
    """Assert that all lines but those of the `changed` keys stay, with their line ends."""
    kept = [
        line
        for line, owner in zip(document.lines, document.owners, strict=True)
        if owner not in changed
    ]
    assert same_line_ends(document, after), repr(after)
    assert is_within(kept, after.split(document.newline)), after


@given(documents(), st.data())
@patient
def test_set_keys_changes_those_keys_only(document: Document, data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(entries_of(document)))
    keys = data.draw(st.sets(st.sampled_from([*NEW]), min_size=1, max_size=4))
    values = {key: NEW[key] for key in data.draw(st.permutations(sorted(keys)))}
    after = editing.set_keys(document.text, one, values)

    wanted = copy.deepcopy(tomllib.loads(document.text))
    wanted["releases"][one.release]["files"][one.position] |= {
        key: list(value) if isinstance(value, tuple) else value for key, value in values.items()
    }
    assert tomllib.loads(after) == wanted
    check_lines(document, after, {(one.release, one.position, key) for key in values})
    assert editing.set_keys(after, one, values) == after


@given(documents(), st.data())
@patient
def test_set_keys_keeps_the_comment_on_the_line(document: Document, data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(entries_of(document)))
    after = editing.set_keys(document.text, one, {"size": 8})
    before = [
        line
        for line, owner in zip(document.lines, document.owners, strict=True)
        if owner == (one.release, one.position, "size")
    ]
    new = [line.replace("7", "8", 1) for line in before] or ["size = 8"]
    assert is_within(new, after.split(document.newline)), after


@given(documents(), st.data())
@patient
def test_what_is_there_already_is_not_touched(document: Document, data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(entries_of(document)))
    table = tomllib.loads(document.text)["releases"][one.release]["files"][one.position]
    values = {
        key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
    }
    assert editing.set_keys(document.text, one, values) == document.text


@given(documents(), st.sampled_from(["runtime", "toolkit-lite", "other"]))
@patient
def test_set_default_changes_that_line_only(document: Document, name: str) -> None:
    after = editing.set_default(document.text, name, "2.6.0")
    wanted = tomllib.loads(document.text)
    wanted["defaults"][name] = "2.6.0"
    assert tomllib.loads(after) == wanted
    check_lines(document, after, {("defaults", None, name)})
    assert editing.set_default(after, name, "2.6.0") == after


def check_inserted(document: Document, after: str) -> None:
    """Assert that `after` is the document with whole lines put in at one place."""
    before, found = document.text.splitlines(keepends=True), after.splitlines(keepends=True)
    if not document.ends and not after.endswith(document.lines[-1]):
        # The last line had to be ended first.
        before[-1] += document.newline
    more = len(found) - len(before)
    assert more > 0, after
    ways = (found[:at] + found[at + more :] for at in range(len(before) + 1))
    assert before in ways, after
    assert same_line_ends(document, after), repr(after)


@given(documents(), st.booleans())
@patient
def test_add_release_puts_one_piece_in(document: Document, known: bool) -> None:  # noqa: FBT001
    about = {"tag": "v2.6.0", "rev": "5" * 40} if known else {}
    after = editing.add_release(document.text, "2.6.0", about)
    table = tomllib.loads(after)
    assert next(iter(table["releases"])) == "2.6.0"
    assert table["releases"].pop("2.6.0") == about
    assert table == tomllib.loads(document.text)
    check_inserted(document, after)
    assert editing.add_release(after, "2.6.0", about) == after


@given(documents(), st.data())
@patient
def test_add_entry_puts_one_piece_in(document: Document, data: st.DataObject) -> None:
    table = tomllib.loads(document.text)
    release = data.draw(st.sampled_from([*table["releases"]]))
    files = table["releases"][release]["files"]
    there = [tuple(file.get(key) for key in sources.IDENTITY) for file in files]
    component, arch, python = data.draw(st.sampled_from(sorted({*IDENTITIES} - {*there}, key=str)))
    added = entry(
        release=release, component=component, arch=arch, python=python, records=NEW["records"]
    )
    after = editing.add_entry(document.text, added)
    found = tomllib.loads(after)
    values = found["releases"][release]["files"].pop()
    assert found == table
    read = sources._entry(Path("a"), release, len(files), values)
    assert read == replace(added, position=len(files))
    check_inserted(document, after)
    assert editing.add_entry(after, added) == after
