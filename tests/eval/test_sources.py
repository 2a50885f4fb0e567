"""sources.toml read by Nix: every entry is sound; a spoilt one gives a line that names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest
import tomlkit

from rknn_flake.errors import CommandError
from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

SOURCES = PROJECT / "pkgs" / "rknn" / "sources.toml"
WHO = "sources.toml: release 2.3.2, librknnrt (aarch64)"


def read(nix: Nix, package_set: Path, file: Path, then: str) -> Any:  # noqa: ANN401
    return nix.eval_expression(
        f"let sources = import {PROJECT}/pkgs/rknn/sources.nix {{ lib = import {package_set}/lib; "
        f"fetchurl = args: args; pins = {file}; }}; in {then}"
    )


def runtime_entry(document: tomlkit.TOMLDocument) -> Any:  # noqa: ANN401
    return document["releases"]["2.3.2"]["files"][0]


FETCH = 'sources.fetch { release = "2.3.2"; component = "librknnrt"; arch = "aarch64"; }'


class Refusal(Protocol):
    """Spoils a copy of sources.toml, reads it with Nix, and returns what Nix says."""

    def __call__(self, spoil: Callable[[Any], object], then: str = ...) -> str:
        """Evaluate `then`, by default the fetch of the runtime."""


@pytest.fixture
def refusal(nix: Nix, package_set: Path, tmp_path: Path) -> Refusal:
    def refused(spoil: Callable[[Any], object], then: str = FETCH) -> str:
        document = tomlkit.parse(SOURCES.read_text())
        spoil(document)
        file = tmp_path / "sources.toml"
        file.write_text(tomlkit.dumps(document))
        with pytest.raises(CommandError) as caught:
            read(nix, package_set, file, then)
        return str(caught.value)

    return refused


def test_every_entry_passes(nix: Nix, package_set: Path) -> None:
    count = read(
        nix,
        package_set,
        SOURCES,
        "builtins.mapAttrs (_: r: builtins.length r.files) sources.releases",
    )
    releases = tomlkit.parse(SOURCES.read_text()).unwrap()["releases"]
    assert count == {release: len(table["files"]) for release, table in releases.items()}


def test_fetch_gives_urls_hash_and_name(nix: Nix, package_set: Path) -> None:
    got = read(nix, package_set, SOURCES, FETCH)
    assert got["name"] == "librknnrt.so"
    assert got["hash"] == "sha256-0x/BnIW4X2CRsr0PavnZYtUmSk5BC/tTZALskrrHOOg="
    assert len(got["urls"]) == 2


def drop(key: str) -> Callable[[Any], None]:
    return lambda entry: entry.remove(key)


def put(key: str, value: object) -> Callable[[Any], None]:
    return lambda entry: entry.update({key: value})


def drop_witnesses(entry: Any) -> None:  # noqa: ANN401
    for key in ("git-blob", "records"):
        entry.remove(key)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (put("hash", "sha256-abc"), f'{WHO}: hash is "sha256-abc"; write an SRI sha256'),
        (put("hash", "d31fc19c" * 8), f'{WHO}: hash is "d31fc19c'),
        (put("size", "7726232"), f'{WHO}: size is "7726232"; write a number of bytes above 0'),
        (put("size", 0), f"{WHO}: size is 0; write a number of bytes above 0"),
        (put("sha256", "x"), f"{WHO}: unknown key sha256; known are arch, component"),
        (put("urls", []), f"{WHO}: urls is []; write a list of https URLs"),
        (put("urls", ["http://example.org/a"]), f'{WHO}: urls is ["http://example.org/a"]'),
        (put("git-blob", "e53a2b6e"), f'{WHO}: git-blob is "e53a2b6e"; write 40 hex digits'),
        (put("component", 5), "release 2.3.2, 5 (aarch64): component is 5; write the name"),
        (
            put("urls", ["https://raw.githubusercontent.com/Pelochus/EZRKNN-Toolkit2/main/a"]),
            "names a branch or tag, which moves; write the full commit",
        ),
        (put("arch", "arm64"), 'librknnrt (arm64): arch is "arm64"; write any, aarch64'),
        (drop("urls"), f"{WHO}: urls is missing; write a list of https URLs"),
        (drop("name"), f"{WHO}: name is missing; write a file name"),
        (drop("component"), "a file without component (aarch64): component is missing"),
        (drop_witnesses, f"{WHO}: no witness; write one of git-blob, upstream-md5"),
        (put("pypi-sha256", "d31fc19c"), f'{WHO}: pypi-sha256 is "d31fc19c"; write 64 hex digits'),
        (put("disputes", []), f"{WHO}: disputes is []; write a list of texts, at least one"),
        (put("disputes", "A says B"), f'{WHO}: disputes is "A says B"; write a list of texts'),
        (
            put("trust-on-first-use", "nobody publishes a digest"),
            f'{WHO}: trust-on-first-use is "nobody publishes a digest"; write the date and why',
        ),
        (
            put("trust-on-first-use", "2026-01-31"),
            f'{WHO}: trust-on-first-use is "2026-01-31"; write the date and why',
        ),
        (
            put("disputes", ["A publishes X", "B publishes Y"]),
            "sources.toml: librknnrt 2.3.2 (aarch64) is disputed: A publishes X; B publishes Y; ",
        ),
        (
            drop("hash"),
            "has no hash yet; fill it in: rknn-pins prefetch arch=aarch64 component=librknnrt",
        ),
    ],
)
def test_a_spoilt_entry_is_named_in_one_line(
    refusal: Refusal, spoil: Callable[[Any], None], message: str
) -> None:
    said = refusal(lambda document: spoil(runtime_entry(document)))
    assert [line for line in said.splitlines() if message in line], said


def replace_witnesses(key: str, value: object) -> Callable[[Any], None]:
    def spoil(entry: Any) -> None:  # noqa: ANN401
        drop_witnesses(entry)
        entry[key] = value

    return spoil


@pytest.mark.parametrize(
    "change",
    [
        replace_witnesses("pypi-sha256", "d31fc19c" * 8),
        replace_witnesses("trust-on-first-use", "2026-01-31: nobody publishes a digest of it"),
    ],
)
def test_a_witness_of_any_kind_or_trust_that_is_spelt_out_is_enough(
    nix: Nix, package_set: Path, tmp_path: Path, change: Callable[[Any], None]
) -> None:
    document = tomlkit.parse(SOURCES.read_text())
    change(runtime_entry(document))
    (tmp_path / "sources.toml").write_text(tomlkit.dumps(document))
    assert read(nix, package_set, tmp_path / "sources.toml", FETCH)["name"] == "librknnrt.so"


def test_a_dispute_about_one_file_leaves_the_others(
    nix: Nix, package_set: Path, tmp_path: Path
) -> None:
    document = tomlkit.parse(SOURCES.read_text())
    runtime_entry(document)["disputes"] = ["A publishes X"]
    (tmp_path / "sources.toml").write_text(tomlkit.dumps(document))
    other = FETCH.replace("2.3.2", "2.3.0")
    assert read(nix, package_set, tmp_path / "sources.toml", other)["name"] == "librknnrt.so"


def test_a_wheel_for_another_python_is_named(refusal: Refusal) -> None:
    def spoil(document: Any) -> None:  # noqa: ANN401
        (wheel,) = (
            entry
            for entry in document["releases"]["2.3.2"]["files"]
            if (entry["component"], entry.get("python")) == ("rknn-toolkit-lite2", "cp312")
        )
        wheel["name"] = wheel["name"].replace("cp312", "cp311")

    assert (
        "sources.toml: release 2.3.2, rknn-toolkit-lite2 (aarch64, cp312): "
        "name is rknn_toolkit_lite2-2.3.2-cp311-cp311-manylinux"
    ) in refusal(spoil)


def test_two_entries_for_one_file_are_refused(refusal: Refusal) -> None:
    said = refusal(lambda d: d["releases"]["2.3.2"]["files"].append(runtime_entry(d)))
    assert "two files are the same component, arch and python: librknnrt aarch64" in said


def first_release(document: tomlkit.TOMLDocument, value: object) -> None:
    document["releases"]["2.3.2"]["files"] = value


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda d: first_release(d, "x"), "sources.toml: release 2.3.2: files is x; write [[rel"),
        (lambda d: first_release(d, [3]), "sources.toml: release 2.3.2: 3 stands among the files"),
        (
            lambda d: d["releases"]["2.3.2"].remove("files"),
            "sources.toml: release 2.3.2: files is null; write [[releases.",
        ),
        (lambda d: d.remove("releases"), "sources.toml: no releases; write a table"),
    ],
)
def test_a_spoilt_file_is_named(
    refusal: Refusal, spoil: Callable[[Any], object], message: str
) -> None:
    assert message in refusal(spoil)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda d: d.remove("defaults"), "sources.toml: no defaults; write a release for"),
        (
            lambda d: d["defaults"].update({"runtime": "9.9.9"}),
            "defaults.runtime is 9.9.9, and there is no such release; there are 0.9.8, 1.0.1, ",
        ),
    ],
)
def test_a_default_that_is_no_release_is_named(
    refusal: Refusal, spoil: Callable[[Any], object], message: str
) -> None:
    assert message in refusal(spoil, "sources.defaults.runtime")


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (
            'release = "9.9.9"; component = "librknnrt"; arch = "aarch64";',
            "no release 9.9.9; there are 2.3.0",
        ),
        (
            'release = "2.3.2"; component = "librknnrt"; arch = "x86_64";',
            "no librknnrt 2.3.2 (x86_64)",
        ),
        (
            'release = "2.3.2"; component = "librknnrt"; arch = "armhf";',
            "librknnrt 2.3.2 (armhf) has no hash yet",
        ),
        (
            'release = "2.3.2"; component = "librknnrt"; arch = "armhf"; python = null;',
            "rknn-pins prefetch arch=armhf component=librknnrt release=2.3.2",
        ),
    ],
)
def test_what_is_not_there_is_named(nix: Nix, package_set: Path, wanted: str, message: str) -> None:
    with pytest.raises(CommandError) as caught:
        read(nix, package_set, SOURCES, f"sources.fetch {{ {wanted} }}")
    assert message in str(caught.value)


def test_a_tree_has_every_file_of_its_release(nix: Nix, package_set: Path) -> None:
    tree = read(nix, package_set, SOURCES, "sources.fetchTree sources.defaults.driver")
    releases = tomlkit.parse(SOURCES.read_text()).unwrap()["releases"]
    table = releases["0.9.8"]
    assert "src/rknpu_drv.c" in tree
    assert {path: file["urls"] for path, file in tree.items()} == {
        entry["urls"][0].partition(f"/{table['rev']}/")[2]: entry["urls"]
        for entry in table["files"]
    }


def test_a_tree_is_of_one_commit(refusal: Refusal) -> None:
    def move(document: Any) -> None:  # noqa: ANN401
        entry = document["releases"]["0.9.8"]["files"][0]
        entry["urls"] = [entry["urls"][0].replace("/a8792fe", "/b8792fe")]

    told = refusal(move, 'sources.fetchTree "0.9.8"')
    assert "is not of the release's rev, a8792fe" in told
    assert "write the URL of that commit" in told


def test_a_tree_needs_a_commit(refusal: Refusal) -> None:
    told = refusal(lambda d: d["releases"]["0.9.8"].remove("rev"), 'sources.fetchTree "0.9.8"')
    assert "release 0.9.8 has no rev; write the full commit" in told
