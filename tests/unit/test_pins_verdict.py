"""What is held against a file: size, hash and every witness, and who counts as a witness."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from rknn_flake.errors import BadFileError
from rknn_flake.pins import digests
from rknn_flake.pins.verdict import Difference, sri, verdict
from unit.pins_fixtures import blob, entry
from unit.pins_fixtures import sri as sri_of
from unit.prefetch_files import md5

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.pins.entries import Entry

BODY = b"the real file"
OTHER = b"another file"
WITNESSES = ("git-blob", "upstream-md5", "pypi-md5", "pypi-sha256")


@pytest.fixture
def found(tmp_path: Path) -> digests.Digests:
    """Return what the real file's bytes say."""
    path = tmp_path / "file"
    path.write_bytes(BODY)
    return digests.read(path)


def digest(key: str, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    return {"git-blob": blob(content), "pypi-sha256": sha256}.get(key, md5(content))


def with_witness(key: str, content: bytes, **values: Any) -> Entry:  # noqa: ANN401
    return entry(**{"git_blob": None, key.replace("-", "_"): digest(key, content), **values})


def test_all_that_agrees_is_named_in_the_order_of_the_file(found: digests.Digests) -> None:
    held = entry(body=BODY, upstream_md5=md5(BODY), pypi_md5=md5(BODY))
    assert verdict(held, found).agreed == ("size", "hash", "git-blob", "upstream-md5", "pypi-md5")
    assert verdict(held, found).disagreed == ()


@pytest.mark.parametrize("key", WITNESSES)
def test_each_witness_vouches_alone(found: digests.Digests, key: str) -> None:
    said = verdict(with_witness(key, BODY, hash=None), found)
    assert (said.agreed, said.disagreed, said.witnessed) == ((key,), (), True)


@pytest.mark.parametrize("key", WITNESSES)
def test_each_witness_objects_alone(found: digests.Digests, key: str) -> None:
    said = verdict(with_witness(key, OTHER, body=BODY), found)
    assert said.disagreed == (Difference(key, digest(key, BODY), digest(key, OTHER)),)
    assert not said.witnessed


def test_line_for_a_person() -> None:
    assert str(Difference("git-blob", "12", "34")) == "git-blob: found 12, expected 34"


def test_size_and_hash_are_no_witnesses(found: digests.Digests) -> None:
    said = verdict(entry(body=BODY, git_blob=None), found)
    assert (said.agreed, said.witnessed) == (("size", "hash"), False)


@pytest.mark.parametrize("pin", [{"size": 3}, {"hash": sri_of(OTHER)}])
def test_wrong_pin_outweighs_a_witness(found: digests.Digests, pin: dict[str, str]) -> None:
    said = verdict(entry(**({"body": BODY} | pin)), found)
    assert [difference.key for difference in said.disagreed] == list(pin)
    assert "git-blob" in said.agreed
    assert not said.witnessed


def test_nothing_to_hold_it_against(found: digests.Digests) -> None:
    said = verdict(entry(hash=None, git_blob=None, records=("somebody",)), found)
    assert (said.agreed, said.disagreed, said.witnessed) == ((), (), False)


def test_capitals_are_the_same_digest(found: digests.Digests) -> None:
    assert verdict(entry(hash=None, git_blob=blob(BODY).upper()), found).witnessed


def test_hash_of_another_algorithm_is_refused(found: digests.Digests) -> None:
    with pytest.raises(BadFileError, match="sha512"):
        verdict(entry(hash=f"sha512-{'A' * 86}=="), found)


def test_sri_is_what_the_file_says(found: digests.Digests) -> None:
    assert sri(found) == sri_of(BODY)
