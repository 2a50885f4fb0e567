"""The forms in which Nix writes a digest: SRI, base16, its own base32, and base64.

Reading accepts what Nix accepts and nothing else, down to how it skips line breaks in base64.
"""

from __future__ import annotations

import base64
import difflib
import string
from dataclasses import dataclass

from rknn_flake.errors import BadFileError

# Algorithm -> length of its digests in bytes.
SIZES = {"md5": 16, "sha1": 20, "sha256": 32, "sha512": 64}
# Without e, o, t and u, so that no digest spells a word to be ashamed of.
NIX32 = "0123456789abcdfghijklmnpqrsvwxyz"
BASE64 = string.ascii_letters + string.digits + "+/"
TAKE = "write the file's sha256: nix hash file --type sha256 FILE"


@dataclass(frozen=True)
class Digest:
    """A digest: `algorithm` is a key of SIZES, `hex` its bytes in lower case."""

    algorithm: str
    hex: str


def parse(text: str, default: str = "sha256") -> Digest:
    """Return the digest in `text`, of the algorithm `default` where no prefix says which.

    Raises BadFileError for anything that Nix does not take for a digest.
    """
    head, colon, rest = text.partition(":")
    if not colon:
        head, dash, rest = text.partition("-")
        if dash:
            return Digest(_algorithm(text, head), _decode64(text, head, rest).hex())
    algorithm = _algorithm(text, head) if colon else default
    rest = rest if colon else text
    size = SIZES[algorithm]
    if len(rest) == 2 * size:
        return Digest(algorithm, _decode16(text, rest).hex())
    if len(rest) == _length32(size):
        return Digest(algorithm, _decode32(text, rest, size).hex())
    if len(rest) == _length64(size):
        return Digest(algorithm, _decode64(text, algorithm, rest).hex())
    raise BadFileError(_wrong_length(text, algorithm, rest))


def to_sri(digest: Digest) -> str:
    """Return it as in sha256-BASE64=, which is how sources.toml writes it."""
    return f"{digest.algorithm}-{to_base64(digest)}"


def to_base16(digest: Digest) -> str:
    """Return it in hexadecimal, lower case."""
    return digest.hex


def to_base64(digest: Digest) -> str:
    """Return it in base64, padded."""
    return base64.b64encode(bytes.fromhex(digest.hex)).decode()


def to_nix32(digest: Digest) -> str:
    """Return it in Nix's base32: five bits a character, the number's highest first."""
    raw = bytes.fromhex(digest.hex)
    number = int.from_bytes(raw, "little")
    return "".join(NIX32[number >> 5 * at & 31] for at in reversed(range(_length32(len(raw)))))


def sha256_hex(text: str) -> str:
    """Return the sha256 in `text` in hexadecimal; raise BadFileError for another algorithm."""
    digest = parse(text)
    if digest.algorithm != "sha256":
        raise BadFileError(f"{text!r} is {_one(digest.algorithm)}, not a sha256; {TAKE}")
    return digest.hex


def from_hex(text: str, algorithm: str = "sha256") -> Digest:
    """Return the digest that `text` is in hexadecimal; raise BadFileError where it is none."""
    if len(text) != 2 * SIZES[algorithm]:
        raise BadFileError(_wrong_length(text, algorithm, text))
    return Digest(algorithm, _decode16(text, text).hex())


def _algorithm(text: str, name: str) -> str:
    if name in SIZES:
        return name
    near = difflib.get_close_matches(name.lower(), SIZES, 1)
    meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(SIZES)}"
    raise BadFileError(f"{text!r}: {name!r} is no digest's algorithm; {meant}")


def _decode16(text: str, digits: str) -> bytes:
    for digit in digits:
        if digit not in string.hexdigits:
            raise BadFileError(f"{text!r}: {digit!r} is no hexadecimal digit; copy it again")
    return bytes.fromhex(digits)


def _decode32(text: str, digits: str, size: int) -> bytes:
    number = 0
    for digit in digits:
        if digit not in NIX32:
            raise BadFileError(f"{text!r}: {digit!r} is not in Nix's base32; copy it again")
        number = number << 5 | NIX32.index(digit)
    try:
        return number.to_bytes(size, "little")
    except OverflowError:
        raise BadFileError(
            f"{text!r}: its first character is too high for {size} bytes; copy it again"
        ) from None


def _decode64(text: str, algorithm: str, digits: str) -> bytes:
    # Nix ends at the first "=", wherever it stands, and asks for no padding in an SRI.
    kept = digits.partition("=")[0].replace("\n", "")
    for digit in kept:
        if digit not in BASE64:
            raise BadFileError(f"{text!r}: {digit!r} is not in base64; copy it again")
    found = len(kept) * 6 // 8
    if found != SIZES[algorithm]:
        raise BadFileError(
            f"{text!r}: {found} bytes in base64, and {_one(algorithm)} has {SIZES[algorithm]}; "
            "copy it again, whole"
        )
    # Bits of the last character beyond the last byte are dropped, there and here.
    return base64.b64decode(kept + "=" * (-len(kept) % 4))


def _wrong_length(text: str, algorithm: str, digits: str) -> str:
    size = SIZES[algorithm]
    for other, bytes_ in SIZES.items():
        if len(digits) in {2 * bytes_, _length32(bytes_), _length64(bytes_)}:
            cure = TAKE.replace("sha256", algorithm)
            return f"{text!r} is as long as {_one(other)}, not {_one(algorithm)}; {cure}"
    return (
        f"{text!r}: {len(digits)} characters, and {_one(algorithm)} has {2 * size} (base16), "
        f"{_length32(size)} (Nix's base32) or {_length64(size)} (base64); copy it again, whole"
    )


def _one(algorithm: str) -> str:
    return f"{'an' if algorithm == 'md5' else 'a'} {algorithm}"


def _length32(size: int) -> int:
    return (8 * size + 4) // 5


def _length64(size: int) -> int:
    return (size + 2) // 3 * 4
