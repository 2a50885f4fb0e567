"""JSON and Python literals as the toolkit writes them, read within bounds.

ast.literal_eval takes 300 bytes of memory and more for each one of text.
"""

from __future__ import annotations

import json
import re
from typing import Any

from rknn_convert.span import AGAIN, DamagedError

NAMES = {"None": "null", "True": "true", "False": "false", "nan": "NaN", "inf": "Infinity"}
# A string, a quote that begins none, a word, a parenthesis, a comma before what closes. Possessive
# (*+), so that no text takes longer than its length.
TOKEN = re.compile(
    r"""(?P<string>'[^'\\]*+(?:\\.[^'\\]*+)*+'|"[^"\\]*+(?:\\.[^"\\]*+)*+")"""
    r"""|(?P<open>['"])|(?P<word>(?<![\w.])[A-Za-z_]\w*+)|(?P<round>[()])"""
    r"""|(?P<comma>,(?=\s{0,9}[)\]}]))""",
    re.DOTALL,
)
ESCAPE = re.compile(r"\\(?:x(..)|u(.{4})|U(.{8})|(.))", re.DOTALL)
SINGLE = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", '"': '"'}


def from_json(content: str, what: str) -> Any:  # noqa: ANN401
    """Return the value of the JSON text `content`; DamagedError with `what` it is."""
    return _loaded(content, what, "JSON")


def from_python(content: str, what: str) -> Any:  # noqa: ANN401
    """Return the value of the Python literal `content`, tuples as lists; DamagedError."""
    try:
        translated = TOKEN.sub(_json, content)
    except (ValueError, OverflowError):
        raise DamagedError(f"damaged: {what} is no Python literal; {AGAIN}") from None
    return _loaded(translated, what, "Python literal")


def _loaded(content: str, what: str, kind: str) -> Any:  # noqa: ANN401
    try:
        return json.loads(content)
    except RecursionError:
        raise DamagedError(f"damaged: {what} is nested too deeply; {AGAIN}") from None
    except json.JSONDecodeError:
        raise DamagedError(f"damaged: {what} is no {kind}; {AGAIN}") from None
    except ValueError:  # of Python's: "Exceeds the limit (4300 digits) for integer string"
        raise DamagedError(f"damaged: {what} has too long a number; {AGAIN}") from None


def _json(token: re.Match[str]) -> str:
    found = token[0]
    match token.lastgroup:
        case "string":
            return json.dumps(ESCAPE.sub(_unescaped, found[1:-1]))
        case "word" if found in NAMES:
            return NAMES[found]
        case "round":
            return "[" if found == "(" else "]"
        case "comma":
            return ""
    raise ValueError(found)


def _unescaped(escape: re.Match[str]) -> str:
    if escape[4]:
        return SINGLE.get(escape[4], escape[0])
    return chr(int(escape[1] or escape[2] or escape[3], 16))
