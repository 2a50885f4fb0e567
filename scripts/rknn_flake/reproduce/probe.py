"""What a build really gets to see in each round: a derivation that writes it down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_flake.errors import CommandError
from rknn_flake.reproduce.plan import Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rknn_flake.nix import Nix

# Label in the report -> shell that prints it.
SEEN = {
    "build folder": "pwd -P",
    "NIX_BUILD_CORES": 'echo "$NIX_BUILD_CORES"',
    "processors": "nproc",
    "clock": "date +%F",
    "time zone": "date +%Z%z",
    # A stdenv sets TZ; this is what a program sees that unsets it.
    "/etc/localtime": "env -u TZ date +%Z%z",
    "order in folders": "ls -U probed | tr '\\n' ' '",
    "host name": "uname -n",
    "umask": "umask",
    "locale": 'echo "${LC_ALL:-${LANG:-none set}}"',
    "kernel": "uname -r",
    "user": "id -u",
}
# What compiles and patches, and what goes from it into packages.
COMPILERS = ("gcc", "aarch64-linux-gnu-gcc")
PROGRAMS = (*COMPILERS, "ld", "patchelf", "python3", "cmake", "make", "bash", "ldd")
PARTS = ("crti.o", "libgcc.a", "libstdc++.so.6", "libgcc_s.so.1")
TOOLS = {
    **{name: f"{name} --version" for name in PROGRAMS},
    **{
        f"{compiler} {part}": f"sha256sum <$({compiler} -print-file-name={part}) | cut -c -64"
        for compiler in COMPILERS
        for part in PARTS
    },
    "system": ". /usr/lib/os-release; echo $PRETTY_NAME",
}


@dataclass(frozen=True)
class Seen:
    """What the probe wrote in one round."""

    conditions: dict[str, str]
    tools: dict[str, str]


def script(*, tools: bool) -> str:
    """Return the probe's shell script; it writes lines `key<tab>value` to $out."""
    lines = ["mkdir probed", "for name in a b c d e f; do : >probed/$name; done"]
    asked = {**SEEN, **(TOOLS if tools else {})}
    for label, command in asked.items():
        # A tool that is not there is an empty value.
        lines.append(
            f"printf '%s\\t%s\\n' {_quote(label)} \"$({{ {command}; }} 2>/dev/null | head -n 1)\""
        )
    return "{ " + "\n".join(lines) + "\n} >$out"


def _quote(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def expression(packages: str, *, tools: bool) -> str:
    """Return a Nix expression for the probe's derivation, made by the package set `packages`."""
    text = json.dumps(script(tools=tools)).replace("${", "\\${")
    return f'({packages}).runCommand "rknn-reproduce-probe" {{ }} {text}'


def from_flake(nix: Nix, system: str, *, tools: bool) -> Target:
    """Return the probe built as the flake's packages are."""
    function = (
        "p: let probe = " + expression("p", tools=tools) + "; in "
        "{ inherit (probe) drvPath; out = probe.outPath; }"
    )
    answer = nix.eval(f"legacyPackages.{system}", "--apply", function)
    return Target("probe", answer["drvPath"], {"out": answer["out"]})


def read(text: str) -> Seen:
    """Return what a probe wrote."""
    lines = [line.partition("\t") for line in text.splitlines()]
    told = {label: value.strip() for label, _, value in lines}
    missing = [label for label in SEEN if label not in told]
    if missing:
        raise CommandError(f"the probe's build told nothing of: {', '.join(missing)}")
    return Seen(
        {label: told[label] for label in SEEN},
        {tool: told[tool] for tool in TOOLS if told.get(tool)},
    )


def differed(rounds: Sequence[Seen]) -> tuple[list[str], list[str]]:
    """Return the conditions that were not the same in all rounds, and those that were."""
    unlike = [label for label in SEEN if len({seen.conditions[label] for seen in rounds}) > 1]
    return unlike, [label for label in SEEN if label not in unlike]
