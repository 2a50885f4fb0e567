"""sources.toml read into entries."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rknn_flake.errors import BadFileError, UsageError
from rknn_flake.paths import PROJECT
from rknn_flake.pins.entries import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


@dataclass(frozen=True)
class Sources:
    """What sources.toml says: its entries in the file's order, and what it takes unless told.

    `defaults` is role -> release, `revs` release -> commit of the SDK's repository.
    """

    path: Path
    entries: tuple[Entry, ...]
    defaults: Mapping[str, str]
    revs: Mapping[str, str] = field(default_factory=dict)

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
    raise UsageError(f"{here}: no {PLACE} here or above; go to a checkout, or use --file")


def read(path: Path) -> Sources:
    """Return what the file says; raise BadFileError, with the place, where that is unclear."""
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise _not_toml(path, error) from error
    except OSError as error:
        raise BadFileError(f"{path}: {error.strerror}; check --file") from error
    return parsed(path, text)


def parsed(path: Path, text: str) -> Sources:
    """Return what `text`, which is that of the file `path`, says; raise as `read` does."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(path, error) from error
    _known(str(path), table, TOP)
    releases = _table(path, table.get("releases", {}), "releases")
    entries = []
    revs = {}
    for release, what in releases.items():
        place = f'releases."{release}"'
        release_table = _table(path, what, place)
        _known(f"{path}: {place}", release_table, (*RELEASE_KEYS, "files"))
        for key in RELEASE_KEYS & release_table.keys():
            _typed(f"{path}: {place}", key, release_table[key])
        if "rev" in release_table:
            revs[release] = release_table["rev"]
        files = release_table.get("files", [])
        if not isinstance(files, list):
            raise BadFileError(f"{path}: {place}.files is no list; write [[{place}.files]] tables")
        entries += [_entry(path, release, number, file) for number, file in enumerate(files)]
    defaults = _table(path, table.get("defaults", {}), "defaults")
    for key, value in defaults.items():
        _typed(f"{path}: defaults", key, value)
    return Sources(path, tuple(entries), defaults, revs)


def is_table_of(file: Mapping[str, Any], entry: Entry) -> bool:
    """Say whether a table of the release's files is the one of `entry`."""
    return all(file.get(key) == getattr(entry, KEYS[key]) for key in IDENTITY)


def _not_toml(path: Path, error: ValueError) -> BadFileError:
    return BadFileError(f"{path}: not TOML: {error}; mend it, or take it from git")


def _entry(path: Path, release: str, position: int, file: Any) -> Entry:  # noqa: ANN401
    table = _table(path, file, f"releases.{release!r}: file {position + 1}")
    place = f"{path}: release {release}, {table.get('component', f'file {position + 1}')}"
    what = ", ".join(str(table[key]) for key in ("arch", "python") if key in table)
    place += f" ({what})" if what else ""
    _known(place, table, tuple(KEYS))
    for key in sorted(REQUIRED - table.keys()):
        raise BadFileError(f"{place}: {key} is missing; the head of the file says what it is")
    for key, value in table.items():
        _typed(place, key, value)
    values: dict[str, Any] = {KEYS[key]: value for key, value in table.items()}
    values |= {KEYS[key]: tuple(table[key]) for key in LISTS & table.keys()}
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
