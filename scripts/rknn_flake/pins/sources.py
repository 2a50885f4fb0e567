"""sources.toml: read into entries, and changed in place with its comments and layout kept."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rknn_flake.atomic import changing, replace
from rknn_flake.errors import BadFileError, UsageError
from rknn_flake.paths import PROJECT
from rknn_flake.pins.entries import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tomlkit import TOMLDocument

PLACE = Path("pkgs", "rknn", "sources.toml")

# Key of sources.toml -> field of Entry, in the order in which they are written.
KEYS = {
    key: key.replace("-", "_")
    for key in (
        "component",
        "arch",
        "python",
        "name",
        "urls",
        "size",
        "hash",
        "git-blob",
        "upstream-md5",
        "pypi-md5",
        "pypi-sha256",
        "records",
        "disputes",
        "trust-on-first-use",
    )
}
LISTS = {"urls", "records", "disputes"}
REQUIRED = {"component", "arch", "name", "urls"}
TOP = ("defaults", "releases")
RELEASE_KEYS = ("tag", "rev")
# What tells one file of a release from another.
IDENTITY = ("component", "arch", "python")

# The first line of a release's own table, or of one of its files.
HEADER = re.compile(r'^\[\[?releases\."(?P<release>[^"]+)"', re.MULTILINE)


@dataclass(frozen=True)
class Sources:
    """What sources.toml says: its entries in the file's order, and component -> default release."""

    path: Path
    entries: tuple[Entry, ...]
    defaults: Mapping[str, str]

    @property
    def releases(self) -> tuple[str, ...]:
        """The releases that have files, in the file's order."""
        return tuple(dict.fromkeys(entry.release for entry in self.entries))


def find(named: str | None) -> Path:
    """Return the file to work on: `named`, else the one of the checkout around the current folder.

    Outside a checkout it is that of the project these scripts are in. Raises UsageError when there
    is none.
    """
    if named is not None:
        path = Path(named)
        if not path.is_file():
            raise UsageError(f"{path}: no such file; name a sources.toml in --file")
        return path
    here = Path.cwd()
    for folder in (here, *here.parents, PROJECT):
        if (folder / PLACE).is_file():
            return folder / PLACE
    raise UsageError(
        f"{here}: no {PLACE} here or above; run it in a checkout, or name it in --file"
    )


def read(path: Path) -> Sources:
    """Return what the file says; raise BadFileError, with the place, where it can't be understood."""
    try:
        text = path.read_bytes().decode()
        table = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadFileError(f"{path}: not TOML: {error}; mend it, or take it from git") from error
    except OSError as error:
        raise BadFileError(f"{path}: {error.strerror}; check --file") from error
    _known(str(path), table, TOP)
    releases = _table(path, table.get("releases", {}), "releases")
    entries = []
    for release, what in releases.items():
        place = f'releases."{release}"'
        release_table = _table(path, what, place)
        _known(f"{path}: {place}", release_table, (*RELEASE_KEYS, "files"))
        files = release_table.get("files", [])
        if not isinstance(files, list):
            raise BadFileError(f"{path}: {place}.files is no list; write [[{place}.files]] tables")
        entries += [_entry(path, release, number, file) for number, file in enumerate(files)]
    defaults = _table(path, table.get("defaults", {}), "defaults")
    return Sources(path, tuple(entries), {key: str(value) for key, value in defaults.items()})


def edit(path: Path, change: Callable[[str], str]) -> None:
    """Replace the file's text by what `change` makes of it; one run at a time does this."""
    with changing(path):
        replace(path, change(path.read_bytes().decode()))


def set_keys(text: str, entry: Entry, values: Mapping[str, Any]) -> str:
    """Return `text` with the keys `values` in the table of `entry`, each in its usual place.

    Raises BadFileError when somebody has taken the entry out since it was read.
    """
    tomlkit = _tomlkit()
    document = tomlkit.parse(text)
    table = _table_of(document, entry)
    for key, value in values.items():
        table[key] = _item(key, value)
    _order(table)
    return tomlkit.dumps(document)


def set_default(text: str, component: str, release: str) -> str:
    """Return `text` with `release` as the one that is taken for `component` unless told."""
    tomlkit = _tomlkit()
    document = tomlkit.parse(text)
    document["defaults"][component] = release
    return tomlkit.dumps(document)


def add_release(text: str, release: str, about: Mapping[str, str]) -> str:
    """Return `text` with an empty release before all others; `about` is its tag and rev, if any."""
    tomlkit = _tomlkit()
    table = tomlkit.document()
    for key in RELEASE_KEYS:
        if key in about:
            table[key] = about[key]
    added = f'[releases."{release}"]\n{tomlkit.dumps(table)}'
    first = HEADER.search(text)
    at = _above_comments(text, first.start()) if first else len(text)
    return _joined(text[:at], added, text[at:])


def add_entry(text: str, entry: Entry) -> str:
    """Return `text` with a table for `entry` after the others of its release, which is there."""
    tomlkit = _tomlkit()
    table = tomlkit.document()
    for key, field in KEYS.items():
        value = getattr(entry, field)
        if value not in (None, ()):
            table[key] = _item(key, value)
    added = f'[[releases."{entry.release}".files]]\n{tomlkit.dumps(table)}'
    at = _end_of_release(text, entry.release)
    return _joined(text[:at], added, text[at:])


def _tomlkit() -> Any:  # noqa: ANN401
    # Half a tenth of a second that reading commands need not wait for.
    import tomlkit  # noqa: PLC0415

    return tomlkit


def _table_of(document: TOMLDocument, entry: Entry) -> Any:  # noqa: ANN401
    release: Any = document.get("releases", {}).get(entry.release, {})
    for table in release.get("files", ()):
        if all(table.get(key) == getattr(entry, KEYS[key]) for key in IDENTITY):
            return table
    raise BadFileError(f"{entry.label}: no longer in the file; somebody took it out; run it again")


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


def _order(table: Any) -> None:  # noqa: ANN401
    """Bring the keys into their usual order, if no comment of its own line would lose its place."""
    tomlkit = _tomlkit()
    if any(isinstance(item, tomlkit.items.Comment) for _, item in table.value.body):
        return
    for key in KEYS:
        if key in table:
            table.append(key, table.pop(key))


def _above_comments(text: str, at: int) -> int:
    """Return where the comment lines begin that stand directly above the line at `at`."""
    while True:
        before = text.rfind("\n", 0, max(at - 1, 0)) + 1
        if before >= at or not text[before:at].startswith("#"):
            return at
        at = before


def _end_of_release(text: str, release: str) -> int:
    headers = list(HEADER.finditer(text))
    own = [number for number, header in enumerate(headers) if header["release"] == release]
    if not own:
        raise BadFileError(f'no table releases."{release}" to add to; write it as in the others')
    if own[-1] + 1 < len(headers):
        return _above_comments(text, headers[own[-1] + 1].start())
    return len(text)


def _joined(before: str, added: str, after: str) -> str:
    """Put `added` between two parts of a file, with one blank line on each side."""
    before = f"{before.rstrip(chr(10))}\n\n" if before.strip() else ""
    return f"{before}{added.rstrip(chr(10))}\n" + (f"\n{after}" if after.strip() else "")


def _entry(path: Path, release: str, position: int, file: Any) -> Entry:  # noqa: ANN401
    table = _table(path, file, f"releases.{release!r}: file {position + 1}")
    place = f"{path}: release {release}, {table.get('component', f'file {position + 1}')}"
    place += f" ({table['arch']})" if "arch" in table else ""
    _known(place, table, tuple(KEYS))
    for key in sorted(REQUIRED - table.keys()):
        raise BadFileError(f"{place}: {key} is missing; the head of the file says what it is")
    for key, value in table.items():
        _typed(place, key, value)
    values = {KEYS[key]: tuple(value) if key in LISTS else value for key, value in table.items()}
    return Entry(release=release, position=position, **values)


def _typed(place: str, key: str, value: object) -> None:
    if key in LISTS:
        fits = isinstance(value, list) and all(isinstance(text, str) for text in value)
        wanted = "a list of texts"
    elif key == "size":
        fits, wanted = isinstance(value, int) and not isinstance(value, bool), "a number of bytes"
    else:
        fits, wanted = isinstance(value, str), "a text in quotes"
    if not fits:
        raise BadFileError(f"{place}: {key} is {value!r}; write {wanted}")


def _table(path: Path, value: Any, place: str) -> dict[str, Any]:  # noqa: ANN401
    if not isinstance(value, dict):
        raise BadFileError(f"{path}: {place} is {value!r}; write a table")
    return value


def _known(place: str, table: Iterable[str], keys: tuple[str, ...]) -> None:
    for key in table:
        if key not in keys:
            near = difflib.get_close_matches(key, keys, 1)
            meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(keys)}"
            raise BadFileError(f"{place}: unknown key {key!r}; {meant}")
