"""rknn-pins check: files that are not what sources.toml says, each with its row and status 1."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from unit.pins_fixtures import sri

if TYPE_CHECKING:
    from unit.pins_check_fixtures import Shop

pytest_plugins = ["unit.pins_check_fixtures"]

PAGE = b"<!DOCTYPE html><title>Sign in to the network</title>"


def test_other_bytes_are_shown_with_both_hashes_and_their_url(shop: Shop) -> None:
    made = shop.file("lib", body=b"x" * 2000, served=b"y" * 2000)
    shop.pins.write(made)
    done = shop.check()
    assert done.status == 1
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("2.3.2")]
    assert "disagrees" in row
    assert f"hash: found {sri(b'y' * 2000)}, expected {sri(b'x' * 2000)}" in row
    assert made.urls[0] in row
    assert "1 disagreed" in done.stdout.splitlines()[-1]


def test_a_page_in_place_of_a_file_is_named(shop: Shop) -> None:
    shop.pins.write(shop.file("lib", body=b"x" * 2000, served=PAGE))
    told = shop.told()
    (row,) = told["files"]
    assert (told["status"], row["state"]) == (1, "disagrees")
    assert "an HTML page" in row["why"]
    size = {"key": "size", "found": str(len(PAGE)), "expected": "2000"}
    assert size in row["differences"], row


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("git-blob", {"git_blob": "0" * 40}),
        ("upstream-md5", {"upstream_md5": "0" * 32}),
        ("pypi-md5", {"pypi_md5": "0" * 32}),
        ("pypi-sha256", {"pypi_sha256": "0" * 64}),
        ("size", {"size": 1}),
    ],
)
def test_each_witness_is_asked(shop: Shop, key: str, values: dict[str, Any]) -> None:
    shop.pins.write(shop.file("lib", **values), shop.file("good"))
    told = shop.told()
    bad, good = told["files"]
    assert told["status"] == 1
    assert [one["key"] for one in bad["differences"]] == [key], bad
    assert (bad["state"], good["state"]) == ("disagrees", "ok")


def test_witnesses_are_asked_of_a_cached_file_too(shop: Shop) -> None:
    shop.pins.write(shop.file("lib"))
    shop.told()
    shop.pins.write(shop.file("lib", git_blob="0" * 40))
    told = shop.told()
    (row,) = told["files"]
    assert (told["status"], row["from"], row["state"]) == (1, "cache", "disagrees")


def test_witness_that_agrees_is_no_difference(shop: Shop) -> None:
    content = b"z" * 2000
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    sha256 = hashlib.sha256(content).hexdigest()
    shop.pins.write(shop.file("lib", body=content, pypi_md5=md5, pypi_sha256=sha256))
    assert [row["state"] for row in shop.told()["files"]] == ["ok"]
