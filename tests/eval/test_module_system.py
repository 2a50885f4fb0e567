"""The package set's module system does what the one in nixpkgs does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from module_expressions import (
    ALIASED,
    ASSERTIONS,
    GREETING,
    WARNINGS,
    at,
    config,
    in_lib,
    said,
    the_value,
)

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

VALUES: dict[str, tuple[str, object]] = {
    "definitions of later modules come first, and those of imports before the importing one's": (
        config(
            "{ options.a = mkOption { type = types.listOf types.int; }; }",
            "{ imports = [ { a = [ 1 ]; } { imports = [ { a = [ 2 ]; } ]; a = [ 3 ]; } ];"
            " config.a = [ 4 ]; }",
            "{ a = [ 5 ]; }",
        ),
        {"a": [2, 3, 1, 5, 4]},
    ),
    "a module is taken once for its key": (
        config(
            "{ options.a = mkOption { type = types.listOf types.int; }; }",
            '{ key = "one"; a = [ 1 ]; }',
            '{ imports = [ { key = "one"; a = [ 1 ]; } ]; }',
        ),
        {"a": [1]},
    ),
    "arguments come from specialArgs, _module.args and defaults": (
        (
            "(evalModules { specialArgs.s = 1; modules = [ { _module.args.pkgs = 2; }"
            " ({ s, pkgs, lib, config, ... }: { options.a = lib.mkOption { default = s + pkgs; };"
            " options.b = lib.mkOption { default = config.a; }; }) ]; }).config"
        ),
        {"a": 3, "b": 3},
    ),
    "extendModules adds modules": (
        (
            "((evalModules { modules = [ { options.a = mkOption { default = 1; }; } ]; })"
            ".extendModules { modules = [ { a = 2; } ]; }).config"
        ),
        {"a": 2},
    ),
    "conditions may depend on what the same set defines": (
        config(
            "{ options.on = mkEnableOption ''x''; options.a.b = mkOption { default = 0; }; }",
            "x: { config = mkMerge [ (mkIf x.config.on { a.b = 1; }) { on = true; } ]; }",
        ),
        {"on": True, "a": {"b": 1}},
    ),
    "a module may be a property": (
        config("{ options.a = mkOption { }; }", "mkForce { a = 1; }", "{ a = 2; }"),
        {"a": 1},
    ),
    "the strongest priority counts": (
        the_value("int", "mkDefault 1", "mkOverride 900 2", "mkIf false (mkForce 3)"),
        2,
    ),
    "plain definitions are stronger than defaults": (
        the_value("str", '"x"', more='default = "d";'),
        "x",
    ),
    "order": (
        the_value("lines", '"a"', 'mkAfter "z"', 'mkBefore "0"', 'mkOrder 1200 "m"'),
        "0\na\nm\nz",
    ),
    "apply": (the_value("int", "2", more="apply = x: x * 2;"), 4),
    "attributes with false conditions are not there": (
        the_value("attrsOf int", "{ a = mkIf false 1; b = mkForce 2; }", "mkIf true { b = 3; }"),
        {"b": 2},
    ),
    "elements with false conditions are not there": (
        the_value("listOf int", "[ 1 (mkIf false 2) (mkIf true 3) ]"),
        [1, 3],
    ),
    "a lazy set's undefined attribute is its type's empty value": (
        the_value("lazyAttrsOf (listOf int)", "{ a = mkIf false [ 1 ]; }"),
        {"a": []},
    ),
    "a submodule has options of its own": (
        the_value(
            GREETING, '{ a = { }; b.who = "c"; }', "{ b = { name, ... }: { text = name; }; }"
        ),
        {"a": {"who": "a", "text": "hello a"}, "b": {"who": "c", "text": "b"}},
    ),
    "coercedTo": (
        the_value(
            "coercedTo (listOf str) (l: genAttrs l (_: true)) (attrsOf bool)",
            '[ "a" "b" ]',
            "{ b = mkForce false; }",
        ),
        {"a": True, "b": False},
    ),
    "functionTo merges what the functions give": (
        the_value("functionTo (listOf int)", "x: [ x ]", "x: [ (x + 1) ]") + " 1",
        [2, 1],
    ),
    "anything merges sets": (
        the_value("anything", "{ a.b = 1; c = [ 1 ]; }", "{ a.d = 2; c = [ 1 ]; }"),
        {"a": {"b": 1, "d": 2}, "c": [1]},
    ),
    "unspecified joins": (the_value("unspecified", "[ 1 ]", "[ 2 ]"), [2, 1]),
    "attrs takes the last of each name": (
        the_value("attrs", "{ a.b = 1; }", "{ a.c = 1; }"),
        {"a": {"b": 1}},
    ),
    "either, oneOf, nullOr, enum, uniq, ints, strings": (
        "[ "
        + " ".join(
            the_value(type_, definition)
            for type_, definition in (
                ("either int str", '"x"'),
                ("oneOf [ int str bool ]", "true"),
                ("nullOr str", "null"),
                ('enum [ "a" 3 ]', "3"),
                ("uniq (listOf int)", "[ 1 ]"),
                ("ints.between 0 3", "3"),
                ("ints.unsigned", "0"),
                ("ints.positive", "1"),
                ("strMatching ''0[0-7]{3}''", '"0660"'),
                ("nonEmptyStr", '"x"'),
                ("singleLineStr", '"x\\n"'),
                ("commas", '"x"'),
                ("path", '"/x"'),
                ("raw", "{ _type = 1; }"),
            )
        )
        + " ]",
        ["x", True, None, 3, [1], 3, 0, 1, "0660", "x", "x", "x", "/x", {"_type": 1}],
    ),
    "an alias gives its definitions and their priority to the option": (
        config(
            ALIASED,
            'mkAliasOptionModule [ "old" ] [ "new" "x" ]',
            "{ new.x = mkDefault [ 1 ]; }",
            "{ old = [ 2 ]; }",
        ),
        {"new": {"x": [2]}, "old": [2]},
    ),
    "a renamed option warns": (
        at(
            "warnings",
            ALIASED,
            WARNINGS,
            'mkRenamedOptionModule [ "old" ] [ "new" "x" ]',
            '{ _file = "1.nix"; old = [ 1 ]; }',
        ),
        ["The option `old' defined in `1.nix' has been renamed to `new.x'."],
    ),
    "a removed option is an assertion": (
        at(
            "assertions",
            ASSERTIONS,
            'mkRemovedOptionModule [ "old" ] "Use new."',
            '{ _file = "1.nix"; old = 1; }',
        ),
        [
            {
                "assertion": False,
                "message": "The option definition `old' in `1.nix' no longer has any effect; "
                "please remove it.\nUse new.\n",
            }
        ],
    ),
    "options know their definitions": (
        (
            "let o = (evalModules { modules = [ { _file = ''0''; options.a = mkOption { }; }"
            " { _file = ''1''; a = mkIf true 1; } { _file = ''2''; a = mkIf false 2; } ]; })"
            ".options.a; in"
            " [ o.files o.definitions o.isDefined o.highestPrio o.loc o.declarations ]"
        ),
        [["1"], [1], True, 100, ["a"], ["0"]],
    ),
    "packages as options": (
        (
            "let option = mkPackageOption { a.b = 1; } [ ''a'' ''b'' ] { nullable = true;"
            ' extraDescription = "Extra."; example = [ "a" "c" ]; };'
            " in removeAttrs option [ ''type'' ] // { type = option.type.description; }"
        ),
        {
            "_type": "option",
            "default": 1,
            "defaultText": {"_type": "literalExpression", "text": "pkgs.a.b"},
            "description": "The b package to use. Extra.",
            "example": {"_type": "literalExpression", "text": "pkgs.a.c"},
            "type": "null or package",
        },
    ),
    "no package by default": (
        "(mkPackageOption { } ''a'' { default = null; nullable = true; }).default",
        None,
    ),
    "names of options": (
        'map showOption [ [ "a" "b c" "*" "<name>" "1" ] [ "d.e" "f-g" ] ]',
        ['a."b c".*.<name>."1"', '"d.e".f-g'],
    ),
    "names of types": (
        (
            "map (t: t.description) (with types; [ (nullOr (listOf str)) (listOf (nullOr str))"
            " (either int (listOf str)) (oneOf [ int str ]) (attrsOf (submodule { })) lines"
            " (coercedTo str id (enum [ ''a'' ''b'' ])) (functionTo (listOf package))"
            " (listOf ints.positive) (uniq anything) ])"
        ),
        [
            "null or (list of string)",
            "list of (null or string)",
            "signed integer or list of string",
            "signed integer or string",
            "attribute set of (submodule)",
            'strings concatenated with "\\n"',
            '(one of "a", "b") or string convertible to it',
            "function that evaluates to a(n) list of package",
            "list of (positive integer, meaning >0)",
            "anything",
        ],
    ),
}


@pytest.mark.parametrize("what", VALUES)
def test_value(nix: Nix, package_set: Path, what: str) -> None:
    expression, expected = VALUES[what]
    assert nix.eval_expression(in_lib(package_set, expression)) == expected


def test_a_file_is_imported_once_however_it_is_named(
    nix: Nix, package_set: Path, tmp_path: Path
) -> None:
    shared = tmp_path / "shared.nix"
    shared.write_text("{ a = [ 1 ]; }")
    (tmp_path / "other.nix").write_text("{ imports = [ ./shared.nix ]; }")
    expression = config(
        "{ options.a = mkOption { type = types.listOf types.int; }; }",
        f'{{ imports = [ "{shared}" ]; }}',
        f"import {tmp_path}/other.nix",
        str(shared),
    )
    assert nix.eval_expression(in_lib(package_set, expression)) == {"a": [1]}


def test_the_use_of_a_renamed_option_is_traced(nix: Nix, package_set: Path) -> None:
    expression = config(ALIASED, 'mkRenamedOptionModule [ "old" ] [ "new" "x" ]')
    text = said(nix, in_lib(package_set, f"({expression}).old"))
    assert "trace: Obsolete option `old' is used. It was renamed to `new.x'." in text
