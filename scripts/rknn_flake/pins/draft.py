"""A change to sources.toml that has not been made yet: what it adds, its text and its diff."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rknn_flake.errors import RknnError
from rknn_flake.pins import editing, sources, versions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rknn_flake.pins.entries import Entry
    from rknn_flake.pins.sdk_tags import Tagged


@dataclass(frozen=True)
class Draft:
    """New entries, present ones that have gained mirrors and witnesses, and what belongs to them.

    `tagged` has the releases that become known to be tags of the SDK; `defaults` is component ->
    release.
    """

    added: tuple[Entry, ...] = ()
    extended: tuple[Entry, ...] = ()
    tagged: Mapping[str, Tagged] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries that it touches."""
        return self.added + self.extended

    @property
    def releases(self) -> tuple[str, ...]:
        """The releases that it touches."""
        return tuple(dict.fromkeys(entry.release for entry in self.entries))

    def __bool__(self) -> bool:
        return bool(self.entries or self.tagged or self.defaults)


@editing.with_its_newlines
def applied(text: str, draft: Draft) -> str:
    """Return the file's text with the draft in it.

    Raises RknnError when somebody has put one of its files in since it was drawn up.
    """
    present = tomllib.loads(text).get("releases", {})
    for entry in draft.added:
        for file in present.get(entry.release, {}).get("files", ()):
            if sources.is_table_of(file, entry):
                raise RknnError(f"{entry.label}: somebody has added it just now; run it again")
    for release in dict.fromkeys((*draft.releases, *draft.tagged)):
        tagged = draft.tagged.get(release)
        about = {"tag": tagged.tag, "rev": tagged.rev} if tagged else {}
        if release not in present:
            text = _with_release(text, release, about)
        elif about and "tag" not in present[release]:
            text = _with_tag(text, release, about)
    for entry in draft.extended:
        text = editing.set_keys(text, entry, _changed(present, entry))
    for entry in draft.added:
        text = editing.add_entry(text, entry)
    for component, release in draft.defaults.items():
        text = editing.set_default(text, component, release)
    return text


def difference(path: Path, before: str, after: str) -> str:
    """Return the unified diff of the file `path`, which `git apply` takes at a checkout's root."""
    name = sources.PLACE if path.resolve().match(f"*/{sources.PLACE}") else path.name
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{name}", f"b/{name}"
    )
    return "".join(lines)


def _changed(present: Mapping[str, Any], entry: Entry) -> dict[str, Any]:
    """Return the keys of `entry` that are not in its table as they are."""
    files = present.get(entry.release, {}).get("files", ())
    same = [file for file in files if sources.is_table_of(file, entry)]
    values = {key: getattr(entry, field) for key, field in sources.KEYS.items()}
    plain = {key: list(value) if key in sources.LISTS else value for key, value in values.items()}
    table = same[0] if same else {}
    return {
        key: value
        for key, value in plain.items()
        if value not in (None, []) and value != table.get(key)
    }


def _with_release(text: str, release: str, about: Mapping[str, str]) -> str:
    """Put an empty release before the first that is older, so that the newest stays on top."""
    version = versions.release(release)
    for header in editing.HEADER.finditer(text):
        other = versions.release(header["release"])
        if version is None or (other is not None and other < version):
            at = editing.above_comments(text, header.start())
            return text[:at] + editing.add_release(text[at:], release, about)
    return f"{text.rstrip()}\n\n{editing.add_release('', release, about)}"


def _with_tag(text: str, release: str, about: Mapping[str, str]) -> str:
    lines = "".join(f'{key} = "{value}"\n' for key, value in about.items())
    own = f'[releases."{release}"]\n'
    if f"\n{own}" in text:
        return text.replace(f"\n{own}", f"\n{own}{lines}", 1)
    first = f'[[releases."{release}".files]]'
    return text.replace(first, f"{own}{lines}\n{first}", 1)
