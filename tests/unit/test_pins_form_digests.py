"""check --offline: hash and witnesses are digests of the right kind, and agree."""

from __future__ import annotations

import hashlib

import pytest

from rknn_flake.pins import hashes
from rknn_flake.pins.hashes import Digest
from unit.pins_fixtures import entry, said, sri, wheel

BODY = b"content"
HEX = hashlib.sha256(BODY).hexdigest()
SHA256 = Digest("sha256", HEX)
SHA512 = Digest("sha512", hashlib.sha512(BODY).hexdigest())
MD5 = hashlib.md5(BODY, usedforsecurity=False).hexdigest()


def test_digests_that_agree_are_fine() -> None:
    good = wheel(body=BODY, upstream_md5=MD5, pypi_sha256=HEX)
    assert said(good) == []


BAD_HASH = {
    "sha256-AAAA": "hash: 'sha256-AAAA': 3 bytes in base64, and a sha256 has 32; copy it again",
    hashes.to_sri(SHA512): "is a sha512, not a sha256; write the file's sha256: nix hash file",
    MD5: "is as long as an md5, not a sha256",
    HEX: f"hash is '{HEX}'; write {sri(BODY)}",
    f"sha256:{hashes.to_nix32(SHA256)}": f"; write {sri(BODY)}",
    sri(BODY).rstrip("="): f"; write {sri(BODY)}",
    "": "0 characters",
}


@pytest.mark.parametrize(("text", "reason"), BAD_HASH.items())
def test_a_hash_that_is_no_proper_sri_is_found(text: str, reason: str) -> None:
    (line,) = said(entry(body=BODY, hash=text, size=7))
    assert line.startswith("librknnrt 2.3.2 (aarch64): hash"), line
    assert reason in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("field", "length"),
    {"git_blob": 40, "upstream_md5": 32, "pypi_md5": 32, "pypi_sha256": 64}.items(),
)
@pytest.mark.parametrize("text", ["", "a", "g{}", "{}a", " {}"])
def test_a_witness_of_the_wrong_form_is_found(field: str, length: int, text: str) -> None:
    digits = "0" * (length if text == "{}a" else length - 1)
    bad = entry(**{"hash": None, field: text.format(digits)})
    key = field.replace("_", "-")
    want = f"{key} is {text.format(digits)!r}; write {length} hexadecimal digits"
    assert said(bad) == [f"{bad.label}: {want}"]


def test_upper_case_is_found_and_agrees_all_the_same() -> None:
    (line,) = said(wheel(body=BODY, upstream_md5=MD5, pypi_md5=MD5.upper()))
    assert line.endswith(f"pypi-md5 is {MD5.upper()}; write {MD5}")


def test_a_sha256_of_pypi_that_is_not_the_hash_is_found() -> None:
    (line,) = said(wheel(body=BODY, pypi_sha256="0" * 64))
    assert f"pypi-sha256 is {'0' * 64}, but hash is {HEX} in hexadecimal" in line
    assert line.endswith("note the other under disputes")


def test_md5_lists_that_disagree_are_found() -> None:
    (line,) = said(wheel(body=BODY, upstream_md5="0" * 32))
    assert f"upstream-md5 is {'0' * 32}, but pypi-md5 is {MD5}" in line
