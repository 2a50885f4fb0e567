"""Random texts of sources.toml in every layout that people use, with the owner of each line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import tomlkit
from hypothesis import strategies as st
from tomlkit.exceptions import TOMLKitError

COMMENTS = ("# why", "#", "#no space", "# größer als π ☃", '# [releases."9.9.9"]', "# a = 1 # b")
IDENTITIES = tuple(
    (component, arch, python)
    for component in ("librknnrt", "rknn-toolkit-lite2")
    for arch in ("aarch64", "any")
    for python in (None, "cp39", "cp312")
)
VALUES: dict[str, Any] = {
    "size": 7,
    "hash": "sha256-old",
    "git-blob": "b" * 40,
    "upstream-md5": "c" * 32,
    "pypi-md5": "d" * 32,
    "records": ["somebody # not a comment", "[[else]]"],
    "disputes": ["größer"],
}


def _can_stand_apart() -> bool:
    """Whether this tomlkit reads a release's files below another's; before 0.15.2 it does not."""
    lines = ("[[releases.a.files]]", "[[releases.b.files]]", "[[releases.a.files]]", "")
    try:
        tomlkit.parse("\n".join(lines))
    except TOMLKitError:
        return False
    return True


CAN_STAND_APART = _can_stand_apart()

# (release, number of the file or None, key): whose line it is.
Owner = tuple[str, int | None, str] | None


@dataclass(frozen=True)
class Document:
    """`lines` have no line ends; `owners` says for each which key it belongs to, if any."""

    lines: tuple[str, ...]
    owners: tuple[Owner, ...]
    newline: str
    ends: bool

    @property
    def text(self) -> str:
        """The whole file."""
        return self.newline.join(self.lines) + (self.newline if self.ends else "")


@st.composite
def blanks(draw: st.DrawFn, most: int = 2) -> list[str]:
    """Return blank and comment lines, each sometimes with odd whitespace."""
    line = st.sampled_from(["", "", "  ", "\t", *COMMENTS, "   # indented"])
    return draw(st.lists(line, max_size=most))


@st.composite
def pair(draw: st.DrawFn, key: str, value: Any) -> list[str]:  # noqa: ANN401
    """Return the lines of a key and its value."""
    equals = draw(st.sampled_from([" = ", "=", "   =  "]))
    indent = draw(st.sampled_from(["", "", "  "]))
    tail = draw(st.sampled_from(["", "", " ", *(f"  {comment}" for comment in COMMENTS)]))
    quote = draw(st.sampled_from(['"', "'"]))
    if isinstance(value, int):
        return [f"{indent}{key}{equals}{value}{tail}"]
    if isinstance(value, str):
        return [f"{indent}{key}{equals}{quote}{value}{quote}{tail}"]
    texts = [f"{quote}{text}{quote}" for text in value]
    if draw(st.booleans()):
        return [f"{indent}{key}{equals}[{', '.join(texts)}]{tail}"]
    inner = []
    for text in texts:
        inner += draw(st.lists(st.sampled_from(["", *COMMENTS]), max_size=1))
        inner.append(f"    {text},{tail}")
    return [f"{indent}{key}{equals}[", *inner, f"{indent}]{tail}"]


@st.composite
def header(draw: st.DrawFn, text: str) -> str:
    """Return a table's first line; `text` has its brackets."""
    before = draw(st.sampled_from(["", "", " "]))
    return before + text + draw(st.sampled_from(["", "", "  ", " # about it"]))


@st.composite
def table(
    draw: st.DrawFn, head: str, values: dict[str, Any], whose: tuple[str, int | None]
) -> list[tuple[str, Owner]]:
    """Return the lines of a table in any order of its keys, with blanks between, and owners."""
    made: list[tuple[str, Owner]] = [(draw(header(head)), None)]
    for key in draw(st.permutations(sorted(values))):
        made += [(line, None) for line in draw(blanks(1))]
        made += [(line, (*whose, key)) for line in draw(pair(key, values[key]))]
    return made + [(line, None) for line in draw(blanks())]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Return a file with one to three releases, each with one to four files."""
    above = draw(blanks())
    releases = draw(st.permutations(["2.5.0", "2.3.2", "2.3.0"]))[: draw(st.integers(1, 2))]
    defaults = dict.fromkeys(draw(st.sets(st.sampled_from(["runtime", "toolkit-lite"]))), "2.3.2")
    apart: list[list[tuple[str, Owner]]] = []
    sections = [draw(table("[defaults]", defaults, ("defaults", None)))]
    for release in releases:
        about = {"tag": f"v{release}", "rev": "4" * 40} if draw(st.booleans()) else {}
        parts = [draw(table(f'[releases."{release}"]', about, (release, None)))]
        identities = draw(st.permutations(IDENTITIES))[: draw(st.integers(1, 3))]
        for number, (component, arch, python) in enumerate(identities):
            urls = [f"https://a/{release}/{number}", "https://b/[c]#d"][: draw(st.integers(1, 2))]
            values = {"component": component, "arch": arch, "name": "a.so", "urls": urls}
            chosen = draw(st.sets(st.sampled_from(sorted(VALUES)), max_size=4))
            values |= {key: VALUES[key] for key in chosen}
            values |= {"python": python} if python else {}
            if CAN_STAND_APART and number and draw(st.integers(0, 3)) == 0:
                # Other tables come between: nobody should, and TOML lets them.
                parts.append([])
            parts[-1] += draw(table(f'[[releases."{release}".files]]', values, (release, number)))
        sections.append(parts[0])
        apart += parts[1:]
    sections += apart
    if draw(st.booleans()):
        sections.append(sections.pop(0))
    made = [(line, None) for line in above] + [line for section in sections for line in section]
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    lines, owners = zip(*made, strict=True)
    return Document(lines, owners, newline, draw(st.booleans()))
