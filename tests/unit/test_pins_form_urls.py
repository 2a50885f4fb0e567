"""check --offline: URLs are https, name the file, and a commit that can't move."""

from __future__ import annotations

import pytest

from unit.pins_fixtures import REV, entry, said

RAW = "https://raw.githubusercontent.com"
OTHER = "5" * 40
GOOD = (
    f"{RAW}/airockchip/rknn-toolkit2/{REV}/a/librknnrt.so",
    f"{RAW}/AIRockchip/RKNN-Toolkit2/{REV}/librknnrt.so",
    f"{RAW}/somebody/mirror/{OTHER}/librknnrt.so",
    f"https://github.com/airockchip/rknn-toolkit2/raw/{REV}/librknnrt.so",
    f"https://media.githubusercontent.com/media/a/b/{OTHER}/librknnrt.so",
    "https://example.org:8443/files/librknnrt.so",
    "https://example.org/files/librknnrt%2Eso",
)
BAD = {
    "http://example.org/librknnrt.so": "is no https URL with a host",
    "ftp://example.org/librknnrt.so": "is no https URL with a host",
    "https:///librknnrt.so": "is no https URL with a host",
    "librknnrt.so": "is no https URL with a host",
    "https://[::1/librknnrt.so": "can't be read (Invalid IPv6 URL)",
    "https://example.org:99999/librknnrt.so": "can't be read (Port out of range",
    "https://example.org/librk nnrt.so": "has a character that no URL has",
    "https://example.org/librknnrt.so\n": "has a character that no URL has",
    "https://exämple.org/librknnrt.so": "has a character that no URL has",
    "https://example.org/librknnrt.so#a": "has a fragment; take out what begins with #",
    "https://example.org/librknnrt.so?raw=true": "has a query; take out what begins with ?",
    "https://example.org/librknnrt.so?": "has a query",
    "https://example.org/librknnmrt.so": "ends in 'librknnmrt.so', and name is 'librknnrt.so'",
    "https://example.org/a%2Flibrknnrt.so": "ends in 'a/librknnrt.so'",
    "https://example.org": "ends in ''",
    f"{RAW}/a/b/main/librknnrt.so": "names a branch, a tag or a page",
    f"{RAW}/a/b/{REV[1:]}/librknnrt.so": "names a branch, a tag or a page",
    f"{RAW}/a/b/{'A' * 40}/librknnrt.so": "names a branch, a tag or a page",
    f"{RAW}/a/b/main/{REV}/librknnrt.so": "names a branch, a tag or a page",
    "https://github.com/a/b/releases/download/v1/librknnrt.so": "names a branch, a tag or a page",
    f"{RAW}/airockchip/rknn-toolkit2/{OTHER}/librknnrt.so": f"of commit {OTHER}, and the release's "
    f"rev is {REV}; write the URL of that commit",
}


@pytest.mark.parametrize("url", GOOD)
def test_a_url_that_lasts_is_fine(url: str) -> None:
    assert said(entry(urls=(url,))) == []


@pytest.mark.parametrize(("url", "reason"), BAD.items())
def test_another_url_is_found(url: str, reason: str) -> None:
    (line,) = said(entry(urls=(GOOD[0], url)))
    assert line.startswith("librknnrt 2.3.2 (aarch64): urls: "), line
    assert reason in line
    assert "\n" not in line


def test_credentials_are_found_and_not_shown() -> None:
    (line,) = said(entry(urls=("https://me:secret@example.org/librknnrt.so",)))
    assert "a user name for example.org is in a URL" in line
    assert "secret" not in line


def test_a_release_of_the_sdk_needs_a_rev() -> None:
    (line,) = said(entry(urls=(GOOD[0],)), revs={})
    assert line.endswith(f"is of the SDK, and the release has no rev; write {REV}"), line
    assert said(entry(urls=(GOOD[2],)), revs={}) == []


def test_no_url_at_all_is_found() -> None:
    assert said(entry(urls=())) == ["librknnrt 2.3.2 (aarch64): urls is empty; write at least one"]
