"""What a C header offers, and what came, went or changed between two releases of it."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rknn_flake.errors import BadFileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFINED = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+(?:\([^)]*\))?)[ \t]*(.*)$", re.MULTILINE)
BODY = re.compile(r"\b(?P<kind>struct|union|enum)\b\s*(?P<tag>\w*)\s*\{")
# Our kind of name; the guard against including twice is another.
CONSTANT = re.compile(r"RKNN_\w+")


@dataclass(frozen=True)
class Header:
    """Name -> declaration, value or body, each on one line without comments."""

    functions: Mapping[str, str]
    constants: Mapping[str, str]
    types: Mapping[str, str]
    macros: Mapping[str, str]


def read(text: str) -> Header:
    """Return what the header `text` offers; raise BadFileError if that is no function."""
    # They import pyelftools, which nothing else here needs.
    import check_elf  # noqa: PLC0415
    import checking  # noqa: PLC0415

    with tempfile.NamedTemporaryFile("w", suffix=".h", encoding="utf-8") as written:
        written.write(text)
        written.flush()
        try:
            names = check_elf.declared_functions(Path(written.name))
        except checking.CheckError as error:
            raise BadFileError("no function is declared in it") from error
    bare = check_elf.QUOTED.sub(lambda found: " " if found[0].startswith("/") else found[0], text)
    bare = re.sub(r"\\\r?\n", " ", bare)
    functions = {}
    types: dict[str, str] = {}
    for statement in check_elf.statements(text):
        for name in names:
            if re.search(rf"\b{name}\s*\(", statement) and not statement.startswith("typedef"):
                functions[name] = statement
        if plain := re.fullmatch(r"typedef\b([^(){}]*)\b(\w+)", statement):
            # One for each architecture, where #ifdef decides.
            types[plain[2]] = " or ".join(filter(None, (types.get(plain[2]), plain[1].strip())))
    constants: dict[str, str] = {}
    macros: dict[str, str] = {}
    for found in DEFINED.finditer(bare):
        kept = constants if CONSTANT.fullmatch(found[1]) else macros
        kept[found[1]] = _line(found[2])
    for kind, name, body in _bodies(bare):
        # What changes in an enum is its constants.
        types[name] = kind if kind == "enum" else f"{kind} {{ {_line(body)} }}"
        if kind == "enum":
            constants |= _enumerated(body)
    return Header(functions, constants, types, macros)


def changes(old: Header, new: Header) -> list[str]:
    """Return a line for each thing that came, went or changed."""
    lines = []
    for what, before, after in (
        ("function", old.functions, new.functions),
        ("constant", old.constants, new.constants),
    ):
        lines += [
            f"{what} came: {name}" + _value(what, after[name]) for name in _new(before, after)
        ]
        lines += [f"{what} went: {name}" for name in _new(after, before)]
        lines += [
            f"{what} changed: {name}: {before[name]} -> {after[name]}"
            for name in before
            if name in after and before[name] != after[name]
        ]
    for what, before, after in (
        ("type", old.types, new.types),
        ("other macro", old.macros, new.macros),
    ):
        differing = [name for name in before if name in after and before[name] != after[name]]
        for verb, names in (
            ("came", _new(before, after)),
            ("went", _new(after, before)),
            ("changed", differing),
        ):
            if names:
                plural = what if len(names) == 1 else f"{len(names)} {what}s"
                lines.append(f"{plural} {verb}: {', '.join(names)}")
    return lines


def _new(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return [name for name in after if name not in before]


def _value(what: str, value: str) -> str:
    return f" = {value}" if what == "constant" and value else ""


def _line(text: str) -> str:
    return " ".join(text.split())


def _bodies(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield kind, name and body of each struct, union and enum at file scope."""
    at = 0
    while found := BODY.search(text, at):
        depth, at = 1, found.end()
        while depth and at < len(text):
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
        name = re.match(r"\s*(\w+)\s*;", text[at:]) or re.match(r"()", "")
        called = (name[1] if name else "") or found["tag"] or f"unnamed {found['kind']}"
        yield found["kind"], called, text[found.end() : at - 1]


def _enumerated(body: str) -> dict[str, str]:
    """Return the constants of an enum; one without a value follows the one before it."""
    constants = {}
    base, steps = "", 0
    bare = re.sub(r"^[ \t]*#.*$", "", body, flags=re.MULTILINE)
    for member in filter(None, map(_line, bare.split(","))):
        name, given, value = (part.strip() for part in member.partition("="))
        base, steps = (value, 0) if given else (base, steps)
        constants[name] = _counted(base, steps)
        steps += 1
    return constants


def _counted(base: str, steps: int) -> str:
    try:
        return str(int(base or "0", 0) + steps)
    except ValueError:
        return f"({base}) + {steps}" if steps else base
