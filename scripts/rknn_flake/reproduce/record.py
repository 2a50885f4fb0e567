"""The signed-off table of what packages come out as, and later builds held against it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from rknn_flake import atomic
from rknn_flake.errors import BadFileError, MissingToolError
from rknn_flake.process import run

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

FORMAT = 1
HEAD = "Written by rknn-reproduce --record; rknn-reproduce --verify holds a later build against it."


@dataclass(frozen=True)
class Package:
    """A package as it was recorded: its derivation, and output name -> NAR hash."""

    drv: str
    outputs: dict[str, str]


@dataclass(frozen=True)
class Entry:
    """What was recorded for one system.

    `inputs` are the flake's (name -> revision and narHash), `tools` the machine's own that the
    builds ran (none where all came from the package set), `rounds` how often each was built.
    """

    signed: str
    date: str
    rounds: int
    inputs: dict[str, dict[str, str]]
    tools: dict[str, str]
    packages: dict[str, Package]


def inputs(nix: Nix) -> dict[str, dict[str, str]]:
    """Return what stands for each input of the flake: rev, where it has one, and narHash."""
    where = nix.installable("").removesuffix("#")
    words = ("flake", "metadata", "--json", *nix.flake_options(), where)
    told = json.loads(nix.call(*words).stdout)
    nodes: dict[str, Any] = told["locks"]["nodes"]
    named = nodes[told["locks"]["root"]].get("inputs", {})
    found = {}
    for name, node in sorted(named.items()):
        # A list is a path of names through other inputs.
        locked = nodes[node]["locked"] if isinstance(node, str) else {}
        found[name] = {key: locked[key] for key in ("rev", "narHash") if key in locked}
    return found


def signer() -> str:
    """Return who git says is at work; empty where it does not know."""
    words = []
    for key in ("user.name", "user.email"):
        try:
            words.append(run(["git", "config", key], check=False).stdout.strip())
        except MissingToolError:
            return ""
    return f"{words[0]} <{words[1]}>" if all(words) else " ".join(filter(None, words))


def today() -> str:
    """Return the date in UTC."""
    return dt.datetime.now(dt.UTC).date().isoformat()


def write(path: Path, system: str, entry: Entry) -> None:
    """Put the entry for `system` into the record; what is there for other systems stays."""
    with atomic.changing(path):
        entries = read(path) if path.exists() else {}
        entries[system] = entry
        atomic.replace(path, text(entries))


def text(entries: dict[str, Entry]) -> str:
    """Return the record as TOML, in the order of names."""
    document = tomlkit.document()
    document.add(tomlkit.comment(HEAD))
    document["format"] = FORMAT
    for system, entry in sorted(entries.items()):
        document[system] = {
            "signed-off-by": entry.signed,
            "date": entry.date,
            "rounds": entry.rounds,
            "inputs": {name: dict(entry.inputs[name]) for name in sorted(entry.inputs)},
            "tools": dict(sorted(entry.tools.items())),
            "packages": {
                name: {"drv": package.drv, "outputs": dict(sorted(package.outputs.items()))}
                for name, package in sorted(entry.packages.items())
            },
        }
    return tomlkit.dumps(document)


def read(path: Path) -> dict[str, Entry]:
    """Return system -> entry; raise BadFileError for a file that is no record."""
    advice = "write one with rknn-reproduce --record"
    try:
        data: dict[str, Any] = tomlkit.parse(path.read_text(encoding="utf-8")).unwrap()
    except FileNotFoundError as error:
        raise BadFileError(f"{path}: no such record; {advice}") from error
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise BadFileError(f"{path}: no record of rknn-reproduce: {error}; {advice}") from error
    if data.pop("format", None) != FORMAT:
        raise BadFileError(f"{path}: no record of rknn-reproduce in format {FORMAT}; {advice}")
    try:
        return {system: _entry(found) for system, found in data.items()}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadFileError(f"{path}: a record with {error!r} missing or amiss; {advice}") from error


def _entry(found: dict[str, Any]) -> Entry:
    return Entry(
        signed=str(found["signed-off-by"]),
        date=str(found["date"]),
        rounds=int(found["rounds"]),
        inputs={name: dict(of) for name, of in found["inputs"].items()},
        tools=dict(found["tools"]),
        packages={
            name: Package(str(of["drv"]), dict(of["outputs"]))
            for name, of in found["packages"].items()
        },
    )


def require(path: Path, system: str) -> Entry:
    """Return the entry of `system` in the record; raise BadFileError where it has none."""
    entries = read(path)
    if system not in entries:
        raise BadFileError(
            f"{path}: nothing recorded for {system}, only for {', '.join(sorted(entries))}"
        )
    return entries[system]
