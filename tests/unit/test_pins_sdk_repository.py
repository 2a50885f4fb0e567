"""A git repository elsewhere: tags with their commits, trees without files, and clear refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.pins.git import Clone, RepositoryError, tags
from rknn_flake.process import run
from unit.pins_fixtures import blob
from unit.upstream import PATHS, Upstream, sdk_files

if TYPE_CHECKING:
    from pathlib import Path

    from unit.loopback import Server

LICENSE = PATHS["license", "any"]


@pytest.fixture
def upstream(server: Server, tmp_path: Path) -> Upstream:
    return Upstream(server, tmp_path)


@pytest.fixture
def clone(upstream: Upstream, tmp_path: Path) -> Clone:
    return Clone.make(upstream.repository, tmp_path / "clone")


def test_a_tag_names_its_commit_annotated_or_not(upstream: Upstream) -> None:
    commit = upstream.tag("2.6.0", sdk_files("2.6.0"), annotated=True)
    assert tags(upstream.repository) == {"v2.3.2": upstream.old, "v2.6.0": commit}


def test_a_tree_comes_without_the_files(upstream: Upstream, clone: Clone) -> None:
    tree = clone.tree(clone.fetch("refs/tags/v2.3.2"))
    assert tree == {path: blob(body) for path, body in sdk_files("2.3.2").items()}
    missing = ["rev-list", "--objects", "--all", "--missing=print", upstream.old]
    listed = run(["git", "-C", str(clone.folder), *missing]).stdout.splitlines()
    assert {f"?{one}" for one in tree.values()} <= set(listed), listed


def test_one_file_is_fetched_when_asked_for(clone: Clone) -> None:
    tree = clone.tree(clone.fetch("refs/tags/v2.3.2"))
    assert clone.show(tree[LICENSE]) == "Use it.\n"


def test_a_commit_can_be_fetched_by_its_id(upstream: Upstream, clone: Clone) -> None:
    upstream.tag("2.6.0", {"other": b"file"})
    assert clone.fetch(upstream.old) == upstream.old


def test_a_link_is_no_file(upstream: Upstream, clone: Clone) -> None:
    (upstream.clone / "link").symlink_to("LICENSE")
    commit = upstream.commit("a link")
    tree = clone.tree(clone.fetch(commit))
    assert "link" not in tree
    assert LICENSE in tree


def test_a_branch_of_the_same_name_is_not_the_tag(upstream: Upstream, clone: Clone) -> None:
    upstream.tag("2.6.0", sdk_files("2.6.0"))
    run(["git", "-C", str(upstream.clone), "branch", "v2.3.2", "HEAD"])
    assert clone.fetch("refs/tags/v2.3.2") == upstream.old


@pytest.mark.parametrize(
    ("ref", "told"),
    [("refs/tags/v9", "couldn't find remote ref refs/tags/v9"), ("7" * 40, "7" * 40)],
)
def test_what_is_not_there_is_said_in_a_line(clone: Clone, ref: str, told: str) -> None:
    with pytest.raises(RepositoryError) as raised:
        clone.fetch(ref)
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("url", ["file:///nowhere/at/all", "http://127.0.0.1:9/x", "ext::id"])
def test_a_repository_out_of_reach_is_said_in_a_line(url: str) -> None:
    with pytest.raises(RepositoryError, match="^" + url + ": git: fatal: ") as raised:
        tags(url)
    assert "\n" not in str(raised.value)


def test_an_option_in_place_of_a_url_is_none() -> None:
    with pytest.raises(RepositoryError, match="strange pathname '--upload-pack=id' blocked"):
        tags("--upload-pack=id")
