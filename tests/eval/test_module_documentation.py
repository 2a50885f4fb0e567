"""Options are listed for documentation as nixpkgs' lib lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from module_expressions import (
    in_lib,
)

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix


def test_documentation(nix: Nix, package_set: Path) -> None:
    module = """{ _file = "1.nix"; options = {
      a.b = mkOption { type = types.listOf types.int; default = [ 1 ]; description = "D."; };
      c = mkOption { type = types.str; readOnly = true; defaultText = literalMD "*x*"; };
      d = mkOption { internal = true; visible = false; example = { e = "f\\ng"; h = x: x; }; };
      s = mkOption { type = types.attrsOf (types.submodule ({ name, ... }: {
        options.n = mkOption { type = types.str; default = name; };
      })); example = literalExpression "{ }"; };
    }; }"""
    listed = nix.eval_expression(
        in_lib(
            package_set,
            '(filter (o: !elem "_module" o.loc) (optionAttrSetToDocList '
            f"(evalModules {{ modules = [ {module} ]; }}).options))",
        )
    )
    common = {"declarations": ["1.nix"], "description": None, "internal": False}
    common |= {"readOnly": False, "visible": True}

    def code(text: str) -> dict[str, str]:
        return {"_type": "literalExpression", "text": text}

    # nixpkgs says that an option of sets is empty by default from 26.05 on.
    for entry in listed:
        if entry["name"] == "s":
            entry.pop("default", None)
    assert listed == [
        common
        | {"loc": ["a", "b"], "name": "a.b", "type": "list of signed integer"}
        | {"default": code("[\n  1\n]"), "description": "D."},
        common
        | {"loc": ["c"], "name": "c", "type": "string", "readOnly": True}
        | {"default": {"_type": "literalMD", "text": "*x*"}},
        common
        | {"loc": ["d"], "name": "d", "type": "unspecified value", "internal": True}
        | {"visible": False, "example": code("{\n  e = ''\n    f\n    g'';\n  h = <function>;\n}")},
        common
        | {"loc": ["s"], "name": "s", "type": "attribute set of (submodule)"}
        | {"example": code("{ }")},
        common
        | {"loc": ["s", "<name>", "n"], "name": "s.<name>.n", "type": "string"}
        | {"default": code('"\u2039name\u203a"')},
    ]
