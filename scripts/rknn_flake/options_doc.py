"""scripts/bootstrap options_doc: write docs/options.md from the module's declarations."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

from rknn_flake import atomic, hostsetup
from rknn_flake.console import guarded, say
from rknn_flake.errors import RknnError
from rknn_flake.nix import HOSTPKGS, Nix
from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = PROJECT / "docs" / "options.md"
COMMAND = "scripts/bootstrap options_doc"
PREFIX = "mySystem.rknn."
HEAD = f"""# Options of `mySystem.rknn`

Made from the declarations in [modules/rknn](../modules/rknn), `options.nix`,
`driver-options.nix` and `container-options.nix`, by `{COMMAND}`; change these, not this page.

Each is also there as `hardware.rknn.…`, for those who have no `mySystem`.
"""

# What a document says of an option is what nixpkgs' lib makes of its declaration.
DECLARATIONS = """
let
  lib = import PACKAGE_SET/lib;
  evaluated = lib.evalModules {
    modules = [ PROJECT/modules/rknn.nix { _module.check = false; _module.args.pkgs = { }; } ];
  };
  listed = lib.optionAttrSetToDocList { inherit (evaluated.options) mySystem; };
in lib.filter (option: option.visible && !option.internal) listed
"""


def declared(nix: Nix, package_set: Path = HOSTPKGS) -> list[dict[str, Any]]:
    """Return what the lib of a package set tells of each option of the module."""
    expression = DECLARATIONS.replace("PACKAGE_SET", str(package_set))
    return list(nix.eval_expression(expression.replace("PROJECT", str(PROJECT))))


def page(options: list[dict[str, Any]]) -> str:
    """Return the page for these options: `enable` first, then by name."""
    ordered = sorted(options, key=lambda o: (o["name"] != f"{PREFIX}enable", o["name"]))
    return "\n".join([HEAD, *(entry(option) for option in ordered)])


def entry(option: dict[str, Any]) -> str:
    """Return the section of one option; raise RknnError where nobody has described it."""
    if not option["description"]:
        raise RknnError(f"{option['name']} has no description; write one in modules/rknn")
    lines = [f"## `{option['name']}`", "", plain(option["description"]), ""]
    lines.append(f"- Type: `{option['type']}`{', read only' if option['readOnly'] else ''}")
    lines += [
        f"- {title}: {shown(option[key])}"
        for title, key in (("Default", "default"), ("Example", "example"))
        if key in option
    ]
    return "\n".join([*lines, ""])


def plain(text: str | dict[str, str]) -> str:
    """Return nixpkgs' Markdown as everybody's: {option}`x` is `x`."""
    words = text if isinstance(text, str) else text["text"]
    return re.sub(r"\{[a-z]+\}(?=`)", "", words).strip()


def shown(value: dict[str, str]) -> str:
    """Return a default or an example on one line."""
    if value["_type"] == "literalMD":
        return plain(value["text"])
    code = " ".join(value["text"].split())
    return f"`{code}`"


def main(argv: list[str]) -> int:
    """Write the page, or say whether it is what the declarations make; return an exit status."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; 1 if it is out of date"
    )
    options = parser.parse_args(argv)
    return guarded("options_doc", lambda: _run(check=options.check))


def _run(*, check: bool) -> int:
    hostsetup.ensure(("nix",))
    text = page(declared(Nix.private()))
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if check:
        raise RknnError(stale())
    with atomic.changing(PAGE):
        atomic.replace(PAGE, text)
    say(f"wrote {PAGE.relative_to(PROJECT)}")
    return 0


def stale() -> str:
    """Return what is wrong where the page is not what the declarations make."""
    return f"{PAGE.relative_to(PROJECT)} is not what the declarations make; run {COMMAND}"
