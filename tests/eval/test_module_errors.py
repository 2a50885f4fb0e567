"""The package set's module system says what the one in nixpkgs says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from module_expressions import (
    ASSERTIONS,
    GREETING,
    at,
    config,
    in_lib,
    option,
    said,
)

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

CONFLICT = (
    "\nUse `lib.mkForce value` or `lib.mkDefault value` to change the priority on any of these "
    "definitions."
)


def wrong_type(place: str, type_: str, definitions: str) -> str:
    start = f"A definition for option `{place}' is not of type `{type_}'."
    return f"{start} Definition values:\n{definitions}"


ERRORS: dict[str, tuple[str, str]] = {
    "an option that does not exist": (
        option("str", '"x"').replace(" a = ", " b.c = "),
        "The option `b' does not exist. Definition values:\n- In `1.nix':\n{\nc = \"x\";\n}",
    ),
    "an option that does not exist, in a submodule": (
        f"({option(GREETING, '{ b.whom = 1; }')}).a.b",
        "The option `a.b.whom' does not exist. Definition values:\n- In `1.nix': 1",
    ),
    "options as config": (
        config('{ _file = "1.nix"; config.a = 1; }'),
        (
            "The option `a' does not exist. Definition values:\n- In `1.nix': 1\n\nIt seems as if "
            "you're trying to declare an option by placing it into `config' rather than `options'!"
        ),
    ),
    "wrong types, with values and files": (
        option("str", '[ 1 { b = "x\\ny"; } ]', "2"),
        wrong_type("a", "string", "- In `2.nix': 2\n- In `1.nix':\n[\n1\n{\nb = ''\nx\n..."),
    ),
    "a wrong element": (
        option("listOf int", '[ 1 "x" ]'),
        wrong_type('a."[definition 1-entry 2]"', "signed integer", '- In `1.nix\': "x"'),
    ),
    "a wrong attribute": (
        option("attrsOf path", '{ b = "x"; }'),
        wrong_type("a.b", "absolute path", '- In `1.nix\': "x"'),
    ),
    "neither of two types": (
        option("either int (listOf str)", '"x"'),
        wrong_type("a", "signed integer or list of string", '- In `1.nix\': "x"'),
    ),
    "not one of": (
        option('enum [ "a" "b" ]', '"c"'),
        wrong_type("a", 'one of "a", "b"', '- In `1.nix\': "c"'),
    ),
    "out of range": (
        option("ints.between 0 300", "301"),
        wrong_type("a", "integer between 0 and 300 (both inclusive)", "- In `1.nix': 301"),
    ),
    "not of the pattern": (
        option("strMatching ''0[0-7]{3}''", '"0999"'),
        wrong_type("a", "string matching the pattern 0[0-7]{3}", '- In `1.nix\': "0999"'),
    ),
    "what can't be coerced": (
        option('coercedTo str (s: s + "x") (enum [ "ax" "bx" ])', '"c"'),
        wrong_type("a", '(one of "ax", "bx") or string convertible to it', '- In `1.nix\': "c"'),
    ),
    "two values": (
        option("str", '"x"', '"y"'),
        (
            "The option `a' has conflicting definition values:\n- In `2.nix': \"y\"\n- In `1.nix': "
            f'"x"{CONFLICT}'
        ),
    ),
    "two values of one that is unique": (
        option("raw", "1", "2"),
        (
            "The option `a' is defined multiple times while it's expected to be unique.\n\n"
            f"Definition values:\n- In `2.nix': 2\n- In `1.nix': 1{CONFLICT}"
        ),
    ),
    "null and not": (
        option("nullOr str", "null", '"x"'),
        "The option `a` is defined both null and not null, in `2.nix' and `1.nix'.",
    ),
    "what can't be merged": (
        option("unspecified", "true", "[ ]"),
        (
            "Cannot merge definitions of `a'. Definition values:\n- In `2.nix': [ ]\n- In `1.nix': "
            "true"
        ),
    ),
    "what is read-only": (
        option("str", 'mkIf true "x"', "mkIf false 1", more='readOnly = true; default = "d";'),
        (
            "The option `a' is read-only, but it's set multiple times. Definition values:\n"
            '- In `0.nix\': "d"\n- In `2.nix\'\n- In `1.nix\': "x"'
        ),
    ),
    "what nobody defines": (
        option("str"),
        "The option `a' was accessed but has no value defined. Try setting the option.",
    ),
    "what is declared twice": (
        config(*(f'{{ _file = "{n}.nix"; options.a = mkEnableOption "x"; }}' for n in (1, 2))),
        "The option `a' in `1.nix' is already declared in `2.nix'.",
    ),
    "options below an option": (
        config(
            '{ _file = "1.nix"; options.a = mkEnableOption "x"; }',
            '{ _file = "2.nix"; options.a.b = mkEnableOption "x"; }',
        ),
        (
            "The option `a' in module `1.nix' would be a parent of the following options, but its "
            "type `boolean' does not support nested options.\n- option(s) with prefix `a.b' in "
            "module `2.nix'"
        ),
    ),
    "a declaration that is none": (
        config("{ options.a = 1; }"),
        "An option declaration for `a' has type\n`int' rather than an attribute set.",
    ),
    "a value where options are": (
        config('{ options.a.b = mkEnableOption "x"; }', '{ _file = "1.nix"; a = true; }'),
        (
            "In module `1.nix', you're trying to define a value of type `bool'\nrather than an "
            "attribute set for the option\n`a'!"
        ),
    ),
    "settings beside options": (
        config('{ options.a = mkEnableOption "x"; a = true; }'),
        (
            "Module `:anon-1' has an unsupported attribute `a'. This is caused by introducing a "
            "top-level `config' or `options' attribute."
        ),
    ),
    "no module": (config("{ ... }: 1"), "module <unknown-file> (:anon-1) does not look like"),
    "a package that is not there": (
        '(mkPackageOption { } [ "a" "b" ] { }).default',
        "a.b cannot be found in pkgs",
    ),
    "a removed option in use": (
        at("old", ASSERTIONS, 'mkRemovedOptionModule [ "old" ] "Use new."', "{ old = 1; }"),
        "The option `old' can no longer be used since it's been removed. Use new.",
    ),
}


def as_in_every_release(text: str) -> str:
    """Return an error without what later releases of nixpkgs put before the definitions."""
    return re.sub(r"TypeError: (The option [^\n]*, )?(?=Definition values:)", "", text)


@pytest.mark.parametrize("what", ERRORS)
def test_error(nix: Nix, package_set: Path, what: str) -> None:
    expression, expected = ERRORS[what]
    assert expected in as_in_every_release(said(nix, in_lib(package_set, expression)))


def test_an_error_names_the_file(nix: Nix, package_set: Path, tmp_path: Path) -> None:
    (tmp_path / "wrong.nix").write_text("{ a = 1; }")
    expression = config(
        "{ options.a = mkOption { type = types.str; }; }", str(tmp_path / "wrong.nix")
    )
    assert f"- In `{tmp_path}/wrong.nix': 1" in said(nix, in_lib(package_set, expression))
