"""Digests in Nix's forms, with Nix itself as the judge of what each text says."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rknn_flake.errors import BadFileError
from rknn_flake.pins import hashes
from rknn_flake.pins.hashes import SIZES, Digest
from rknn_flake.process import run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WRITERS: dict[str, Callable[[Digest], str]] = {
    "to-sri": hashes.to_sri,
    "to-base16": hashes.to_base16,
    "to-base32": hashes.to_nix32,
    "to-base64": hashes.to_base64,
}
# What a mutation puts into a text: digits of every form, their separators and foreign ones.
CHARACTERS = "09afAFegou zZ+/=-:_\n?é"


def nix_says(form: str, algorithm: str, texts: Sequence[str]) -> list[str | None]:
    """Return each text as `nix hash FORM` writes it; None for one that it refuses.

    It ends at the first that it refuses, so it is started once for each of these.
    """
    if shutil.which("nix") is None:
        pytest.skip("no nix on PATH to hold the conversions against")
    words = ["nix", "--extra-experimental-features", "nix-command", "hash", form]
    said: list[str | None] = []
    while len(said) < len(texts):
        rest = texts[len(said) :]
        done = run([*words, "--type", algorithm, "--", *rest], check=False)
        said += done.stdout.split()
        if done.status != 0:
            said.append(None)
    return said


def ours(form: str, algorithm: str, text: str) -> str | None:
    """Return what we make of a text; None where we refuse it, or take it for another algorithm."""
    try:
        digest = hashes.parse(text, algorithm)
    except BadFileError:
        return None
    return WRITERS[form](digest) if digest.algorithm == algorithm else None


def digests(algorithm: str) -> st.SearchStrategy[Digest]:
    size = SIZES[algorithm]
    # Digests of few distinct bytes reach the edges of base32's first character.
    raw = st.binary(min_size=size, max_size=size) | st.integers(0, 255).map(
        lambda byte: bytes([byte]) * size
    )
    return raw.map(lambda made: Digest(algorithm, made.hex()))


def written(algorithm: str) -> st.SearchStrategy[str]:
    """Texts of valid digests: each form, with and without the algorithm before it."""
    plain = st.sampled_from([hashes.to_base16, hashes.to_nix32, hashes.to_base64])
    prefixed = st.builds(
        lambda write, digest: f"{algorithm}:{write(digest)}", plain, digests(algorithm)
    )
    bare = st.builds(lambda write, digest: write(digest), plain, digests(algorithm))
    return digests(algorithm).map(hashes.to_sri) | prefixed | bare


@st.composite
def mutated(draw: st.DrawFn, algorithm: str) -> str:
    """Return a digest's text with up to three characters replaced, put in or taken out."""
    text = draw(written(algorithm))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)) | st.just(len(text) - 1))
        new = draw(st.sampled_from(["", *CHARACTERS]))
        text = text[:at] + new + text[at + draw(st.integers(0, 1)) :]
    return text


@pytest.mark.parametrize("algorithm", SIZES)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_every_form_reads_and_writes_as_nix_does(algorithm: str, data: st.DataObject) -> None:
    texts = data.draw(st.lists(written(algorithm), min_size=10, max_size=100))
    for form in WRITERS:
        found = [ours(form, algorithm, text) for text in texts]
        assert found == nix_says(form, algorithm, texts), form


@pytest.mark.parametrize("algorithm", SIZES)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_damaged_texts_are_refused_exactly_where_nix_refuses_them(
    algorithm: str, data: st.DataObject
) -> None:
    texts = data.draw(st.lists(mutated(algorithm), min_size=1, max_size=12))
    found = {text: ours("to-sri", algorithm, text) for text in texts}
    said = dict(zip(texts, nix_says("to-sri", algorithm, texts), strict=True))
    assert found == said


@pytest.mark.parametrize("algorithm", SIZES)
@given(data=st.data())
def test_writing_and_reading_gives_the_digest_back(algorithm: str, data: st.DataObject) -> None:
    digest = data.draw(digests(algorithm))
    for write in WRITERS.values():
        assert hashes.parse(write(digest), algorithm) == digest, write


# Of 32 zero bytes; the last character of each carries bits beyond the 256.
PADDED = "sha256-" + "A" * 42
SURPLUS = {f"{PADDED}{last}=": last in "AEI" for last in "ABCDEI"}


@pytest.mark.parametrize(("text", "canonical"), SURPLUS.items())
def test_surplus_bits_of_base64_are_dropped_as_nix_drops_them(
    text: str, *, canonical: bool
) -> None:
    digest = hashes.parse(text)
    assert [hashes.to_sri(digest)] == nix_says("to-sri", "sha256", [text])
    assert (hashes.to_sri(digest) == text) is canonical


def test_surplus_bits_of_base32_are_refused_as_nix_does() -> None:
    texts = [first + "0" * 51 for first in hashes.NIX32]
    found = [ours("to-sri", "sha256", text) for text in texts]
    assert found == nix_says("to-sri", "sha256", texts)
    assert [text is None for text in found] == [False, False] + [True] * 30


HEX = "0" * 64
BAD = {
    "sha999:" + HEX: "'sha999' is no digest's algorithm; did you mean sha",
    "SHA256:" + HEX: "did you mean sha256?",
    "what:" + HEX: "known are md5, sha1, sha256, sha512",
    HEX[1:]: "63 characters, and a sha256 has 64 (base16), 52 (Nix's base32) or 44 (base64)",
    HEX[:32]: "is as long as an md5, not a sha256; write the file's sha256: nix hash file",
    HEX * 2: "is as long as a sha512, not a sha256",
    HEX[1:] + "g": "'g' is no hexadecimal digit",
    "0" * 51 + "e": "'e' is not in Nix's base32",
    "2" + "0" * 51: "its first character is too high for 32 bytes",
    "sha256-" + "A" * 42 + "==": "31 bytes in base64, and a sha256 has 32",
    "sha256-" + "A" * 42 + "!=": "'!' is not in base64",
    "sha512-" + "A" * 43 + "=": "32 bytes in base64, and a sha512 has 64",
    "": "0 characters",
}


@pytest.mark.parametrize(("text", "reason"), BAD.items())
def test_a_bad_text_gets_one_line_that_says_why(text: str, reason: str) -> None:
    with pytest.raises(BadFileError) as caught:
        hashes.parse(text)
    message = str(caught.value)
    assert reason in message
    assert repr(text) in message
    assert "\n" not in message


@pytest.mark.parametrize("algorithm", SIZES)
def test_only_a_sha256_serves_where_one_is_wanted(algorithm: str) -> None:
    text = hashes.to_sri(Digest(algorithm, "00" * SIZES[algorithm]))
    if algorithm == "sha256":
        assert hashes.sha256_hex(text) == HEX
        return
    with pytest.raises(BadFileError, match=f"is an? {algorithm}, not a sha256; write the file's"):
        hashes.sha256_hex(text)


@pytest.mark.parametrize(("algorithm", "named"), [("md5", "an md5"), ("sha1", "a sha1")])
def test_an_algorithm_has_its_article(algorithm: str, named: str) -> None:
    text = hashes.to_sri(Digest(algorithm, "00" * SIZES[algorithm]))
    with pytest.raises(BadFileError, match=f" is {named}, not a sha256"):
        hashes.sha256_hex(text)


def test_hexadecimal_alone_is_read_where_nothing_else_is_meant() -> None:
    assert hashes.from_hex("AB" * 32) == Digest("sha256", "ab" * 32)
    with pytest.raises(BadFileError, match="31 characters, and an md5 has 32"):
        hashes.from_hex("A" * 31, "md5")
