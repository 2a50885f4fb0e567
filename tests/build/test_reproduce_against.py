"""The outputs held against a binary cache: the same, altered, or not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reproducing import impure
from rknn_flake.errors import CommandError
from rknn_flake.nix import Nix
from rknn_flake.reproduce import against, stores

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rknn_flake.reproduce.plan import Target

pytestmark = pytest.mark.nix

Shop = tuple[Nix, list["Target"], dict[tuple[str, str], str], str]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Two packages as built here, one of them in the cache as it was built elsewhere."""
    place = tmp_path_factory.mktemp("against")
    here, elsewhere = Nix(place / "here"), Nix(place / "elsewhere")
    targets = impure(here, "time", "pure", "text")
    impure(elsewhere, "time", "pure")
    for target in targets:
        here.call("--realise", target.drv, program="nix-store")
    for target in targets[:2]:
        elsewhere.call("--realise", target.drv, program="nix-store")
    cache = f"file://{place / 'cache'}"
    elsewhere.call("copy", "--to", cache, *(target.outputs["out"] for target in targets[:2]))
    hashes = {(one.name, "out"): here.nar_hash(one.outputs["out"]) for one in targets}
    yield here, targets, hashes, cache
    stores.remove(place)


def held(shop: Shop, place: Path) -> dict[str, against.Held]:
    here, targets, hashes, cache = shop
    known = against.ask(here, targets, cache, place)
    return {
        one.target: one for one in against.hold(here, targets, hashes, cache, place, known=known)
    }


def test_same_altered_and_absent(shop: Shop, tmp_path: Path) -> None:
    told = held(shop, tmp_path)
    statuses = {name: one.status for name, one in told.items()}
    assert statuses == {"time": "differs", "pure": "same", "text": "absent"}
    assert told["text"].theirs is None


def test_altered_one_is_fetched_and_shown(shop: Shop, tmp_path: Path) -> None:
    altered = held(shop, tmp_path)["time"]
    assert altered.ours != altered.theirs
    (shown,) = altered.shown
    assert (shown.path, shown.kind, altered.note) == (".", "content", "")


def test_a_cache_folder_is_found_by_its_path(shop: Shop) -> None:
    cache = shop[3]
    assert against.store_url(cache.removeprefix("file://")) == cache


def test_a_store_is_as_good_as_a_cache(shop: Shop, tmp_path: Path) -> None:
    here, targets, hashes, _ = shop
    store = against.store_url(str(here.store.parent / "elsewhere"))
    told = held((here, targets, hashes, store), tmp_path)
    assert {name: one.status for name, one in told.items()} == {
        "time": "differs",
        "pure": "same",
        "text": "absent",
    }


def test_a_cache_that_does_not_answer_is_not_an_empty_one(shop: Shop, tmp_path: Path) -> None:
    here, targets, _, _ = shop
    with pytest.raises(CommandError, match=r"cannot be asked.*unable to download") as caught:
        against.ask(here, targets, "http://127.0.0.1:9", tmp_path)
    assert "\n" not in str(caught.value)


def test_a_cache_that_answers_nonsense_is_not_an_empty_one(shop: Shop, tmp_path: Path) -> None:
    here, targets, _, _ = shop
    (tmp_path / "nix-cache-info").write_text("StoreDir: /nix/store\n")
    digest = targets[0].outputs["out"].removeprefix("/nix/store/").partition("-")[0]
    (tmp_path / f"{digest}.narinfo").write_text("<html>Sign in</html>\n")
    with pytest.raises(CommandError, match=r"cannot be asked.*corrupt") as caught:
        against.ask(here, targets, f"file://{tmp_path}", tmp_path / "place")
    assert "\n" not in str(caught.value)
