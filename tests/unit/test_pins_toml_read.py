"""Reading sources.toml: what is in it, and one line for each thing that can't be understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.errors import BadFileError
from rknn_flake.pins import sources
from unit.pins_fixtures import REV, entry, text, wheel

if TYPE_CHECKING:
    from pathlib import Path

FULL = entry(
    upstream_md5="1" * 32,
    pypi_md5="2" * 32,
    pypi_sha256="3" * 64,
    records=("one", "two"),
    disputes=("three",),
    trust_on_first_use="2026-01-31: why",
)
GOOD = text([FULL, entry(release="2.3.0")], {"runtime": "2.3.2"})


def test_everything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(text([FULL, wheel(position=1), entry(release="2.3.0")]), encoding="utf-8")
    found = sources.read(path)
    assert found.entries == (FULL, wheel(position=1), entry(release="2.3.0"))
    assert found.defaults == {"runtime": "2.3.2"}
    assert found.releases == ("2.3.2", "2.3.0")
    assert found.revs == {"2.3.2": REV, "2.3.0": REV}


# What to replace in GOOD, by what -> what the line says.
BAD = {
    ("size = ", "sise = "): "librknnrt (aarch64): unknown key 'sise'; did you mean size?",
    ('arch = "aarch64"\n', 'arch = "aarch64"\npython = "cp312"\npyton = "cp312"\n'): (
        "librknnrt (aarch64, cp312): unknown key 'pyton'; did you mean python?"
    ),
    ("size = ", "zzz = "): "unknown key 'zzz'; known are component, arch,",
    ("tag = ", "tga = "): "releases.\"2.3.2\": unknown key 'tga'; did you mean tag?",
    ("[defaults]", "[default]"): "unknown key 'default'; did you mean defaults?",
    ('arch = "aarch64"\n', ""): "librknnrt: arch is missing",
    ("size = 36", 'size = "36"'): "size is '36'; write a number of bytes",
    ("size = 36", "size = true"): "size is True; write a number of bytes",
    ('name = "librknnrt.so"', "name = 3"): "name is 3; write a text in quotes",
    ('"three"', "3"): "disputes is [3]; write a list of texts",
    (f'rev = "{REV}"', "rev = 4"): 'releases."2.3.2": rev is 4; write a text in quotes',
    ('runtime = "2.3.2"', "runtime = 2"): "defaults: runtime is 2; write a text in quotes",
    ("[defaults]", "[[defaults]]"): "defaults is [{'runtime': '2.3.2'}]; write a table",
    ("[defaults]", "[defaults"): "not TOML: ",
    ('[[releases."2.3.0".files]]', '[releases."2.3.0".files]'): "files is no list",
    ("component = ", 'component = "a"\ncomponent = '): "not TOML: ",
}


@pytest.mark.parametrize(("change", "reason"), BAD.items(), ids=[" -> ".join(pair) for pair in BAD])
def test_what_is_not_understood_gets_one_line(
    change: tuple[str, str], reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "sources.toml"
    assert change[0] in GOOD
    path.write_text(GOOD.replace(*change, 1), encoding="utf-8")
    with pytest.raises(BadFileError) as caught:
        sources.read(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: "), message
    assert reason in message
    assert "\n" not in message


def test_bytes_that_are_no_text_get_a_line(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(b'a = "\xff"\n')
    with pytest.raises(BadFileError, match=r"not TOML: .*mend it, or take it from git"):
        sources.read(path)


def test_a_file_that_is_not_there_gets_a_line(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="No such file or directory; check --file"):
        sources.read(tmp_path / "sources.toml")
