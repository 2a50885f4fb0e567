"""The same outputs in another store or binary cache."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rknn_flake import nix_json
from rknn_flake.errors import CommandError, UsageError
from rknn_flake.nix import reason
from rknn_flake.paths import nameable
from rknn_flake.reproduce import trees

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rknn_flake.nix import Nix
    from rknn_flake.reproduce.plan import Target
    from rknn_flake.reproduce.running import Hashes
    from rknn_flake.reproduce.trees import Difference


@dataclass(frozen=True)
class Held:
    """One output held against the other store's: same, differs or absent; `note` if no look."""

    target: str
    output: str
    path: str
    status: str
    ours: str
    theirs: str | None = None
    shown: tuple[Difference, ...] = ()
    count: int = 0
    note: str = ""


def store_url(word: str) -> str:
    """Return what Nix calls the store that `word` names; UsageError for a folder that is none."""
    if "://" in word or word in {"daemon", "auto", "local"}:
        return word
    folder = Path(word).resolve()
    if folder == Path("/"):
        # The machine's own: its daemon is asked, whose store only root may open.
        return "auto"
    if (folder / "nix-cache-info").is_file():
        return f"file://{nameable(folder, 'move the cache')}"
    if (folder / "nix" / "store").is_dir():
        return str(nameable(folder, "move the store"))
    # Nix would make an empty store there.
    raise UsageError(f"{word}: no Nix store (no nix/store in it) and no cache (no nix-cache-info)")


def look_up(nix: Nix, store: str, path: str) -> str | None:
    """Return the NAR hash that the other store has for a path; None where it has none.

    Raises CommandError when it cannot be asked.
    """
    done = nix.call("path-info", "--json", "--store", store, path, check=False)
    if done.status != 0:
        # What Nix says from 2.19 on; before, the answer says so.
        if f"path '{path}' is not valid" in done.stderr:
            return None
        raise CommandError(f"{store}: cannot be asked for {path}: {reason(done)}")
    known = nix_json.path_info(json.loads(done.stdout)).get(path)
    return str(known["narHash"]) if known else None


def ask(nix: Nix, targets: Iterable[Target], store: str, place: Path) -> dict[str, str | None]:
    """Return what `look_up` tells of each output, from a cache as it is now.

    Nix remembers for days what a cache had: it does so in `place`, which goes with the run.
    """
    asking = replace(nix, store=place / "against" / "store")
    paths = dict.fromkeys(path for target in targets for path in target.outputs.values())
    return {path: look_up(asking, store, path) for path in paths}


def hold(  # noqa: PLR0913
    nix: Nix,
    targets: Iterable[Target],
    hashes: Hashes,
    store: str,
    place: Path,
    *,
    known: dict[str, str | None],
) -> list[Held]:
    """Hold what `nix` built against the other store; `place` is for copies of what differs.

    `hashes` are (target, output) -> our NAR hash; what was not built is left out. `known` is what
    `ask` told of the other store.
    """
    held = []
    for target in targets:
        for output, path in target.outputs.items():
            ours = hashes.get((target.name, output))
            if ours is None:
                continue
            theirs = known[path]
            found = Held(target.name, output, path, "same", ours, theirs)
            if theirs is None:
                found = replace(found, status="absent")
            elif theirs != ours:
                found = _differing(nix, found, store, place)
            held.append(found)
    return held


def _differing(nix: Nix, found: Held, store: str, place: Path) -> Held:
    found = replace(found, status="differs")
    copies = replace(nix, store=place / "against" / "store")
    try:
        copies.call("copy", "--no-check-sigs", "--from", store, found.path)
    except CommandError as error:
        return replace(found, note=f"could not be copied from there: {str(error).splitlines()[0]}")
    if not os.path.lexists(copies.physical(found.path)):
        return replace(found, note="could not be copied from there")
    shown, count = trees.screenful(nix.physical(found.path), copies.physical(found.path))
    return replace(found, shown=shown, count=count)
