"""check --offline: no file stands there twice, and no two say different things of one content."""

from __future__ import annotations

from typing import Any

import pytest

from unit.pins_fixtures import entry, said, sri, wheel

MD5 = "7" * 32


def url(name: str) -> tuple[str, ...]:
    return (f"https://example.org/{name}/librknnrt.so",)


def test_one_content_in_two_places_is_fine() -> None:
    assert said(entry(body=b"a"), entry(body=b"a", arch="armhf"), entry(release="2.3.0")) == []


def test_the_same_component_arch_and_python_twice_is_found() -> None:
    twice = entry(urls=url("second"), position=1)
    (line,) = said(entry(), twice)
    assert line.startswith(f"{twice.label}: file 2 of the release is the same component, "), line
    assert line.endswith(" as file 1; keep one"), line


def test_another_python_or_release_is_another_file() -> None:
    assert said(wheel(python="cp311"), wheel(), wheel(release="2.5.0")) == []


def test_one_url_in_two_files_is_found() -> None:
    first, second = entry(urls=url("a")), entry(arch="armhf", urls=(*url("b"), *url("a")))
    assert said(first, second) == [
        f"{second.label}: urls: {url('a')[0]} is that of {first.label} too; write each file's own"
    ]


def test_one_url_twice_in_a_file_is_found() -> None:
    (line,) = said(entry(urls=(*url("a"), *url("b"), *url("a"))))
    assert line.endswith(f"urls: {url('a')[0]} stands there twice; keep one")


CONTRADICTIONS: dict[str, tuple[dict[str, Any], dict[str, Any], str, str]] = {
    "blob, hash": ({}, {"hash": sri(b"other")}, "git-blob", "hash"),
    "blob, size": ({}, {"size": 3, "hash": None}, "git-blob", "size"),
    "hash, size": ({}, {"size": 3}, "hash", "size"),
    "hash, blob": ({}, {"git_blob": "1" * 40}, "hash", "git-blob"),
    "md5, hash": (
        {"git_blob": None, "upstream_md5": MD5},
        {"git_blob": None, "pypi_md5": MD5, "hash": sri(b"other")},
        "md5",
        "hash",
    ),
    "hash, md5": (
        {"upstream_md5": MD5},
        {"git_blob": None, "upstream_md5": "8" * 32},
        "hash",
        "md5",
    ),
    "blob, pypi-sha256": ({}, {"hash": None, "pypi_sha256": "0" * 64}, "git-blob", "hash"),
}


@pytest.mark.parametrize(
    ("one", "another", "shared", "differs"), CONTRADICTIONS.values(), ids=CONTRADICTIONS
)
def test_both_sides_of_a_contradiction_are_disputed(
    one: dict[str, Any], another: dict[str, Any], shared: str, differs: str
) -> None:
    first = entry(body=b"same", **one)
    second = entry(**{"body": b"same", "arch": "armhf", **another})
    lines = said(first, second)
    assert [line.partition(": ")[0] for line in lines] == [first.label, second.label], lines
    for line, rival in zip(lines, (second, first), strict=True):
        assert f": {shared} " in line, line
        assert f"is also that of {rival.label}, where {differs} is " in line, line
        assert "both are disputed" in line


def test_every_file_of_a_contradiction_is_named_once() -> None:
    bodies = [entry(body=b"a", component=f"c{number}") for number in range(3)]
    odd = entry(body=b"a", component="odd", hash=sri(b"b"))
    lines = said(*bodies, odd)
    named = sorted(line.partition(": ")[0] for line in lines)
    assert named == sorted(one.label for one in (*bodies, odd)), lines


def test_malformed_digests_contradict_nothing() -> None:
    lines = said(entry(body=b"a", hash="sha256-x"), entry(body=b"a", arch="armhf"))
    assert len(lines) == 1, lines
    assert lines[0].startswith("librknnrt 2.3.2 (aarch64): hash: ")
