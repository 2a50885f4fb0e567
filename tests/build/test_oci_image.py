"""The container image: whom it runs as and what, all that this needs, and nothing else.

Its Python is the machine's, which is in no image: tests/board puts Debian's below one and runs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

import oci_images
from expressions import pkgs_expression
from rknn_flake.errors import CommandError

if TYPE_CHECKING:
    from oci_images import Image
    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

RELEASE = "2.3.2"
OWN = """.override {
  extraPythonPackages = ps: [ ps.rich ];
  contents = [ (p.writeTextDir "bin/hello" "#!/bin/sh") ];
  imageConfig = { User = "1000:1000"; Cmd = [ "/bin/hello" ]; };
}"""
PYTHON_311 = ".override { toolkit-lite = p.rknn.simulated.toolkitLiteFor p.python311Packages; }"
WRONG = """p.dockerTools.buildLayeredImage {
  name = "wrong";
  tag = "1";
  contents = [ (p.writeTextDir "usr/lib/librknnrt.so" "none") ];
  extraCommands = "touch su open && chmod 4755 su && chmod 666 open && mkfifo etc-pipe";
}"""


@dataclass(frozen=True)
class Built:
    """An image, by its place in the store, and the closure that it should hold."""

    image: Image
    out: str
    closure: tuple[str, ...]


def build(nix: Nix, image: str, closure_of: str = "[ ]", *, system: str = "aarch64-linux") -> Built:
    """Build an expression for an image, and one for what is in it, in which i is the image."""
    scope = f"let p = {pkgs_expression(system=system)}; i = {image}; in"
    out = nix.build_expression(f"{scope} i")["out"]
    inside = nix.build_expression(f"{scope} p.closureInfo {{ rootPaths = {closure_of}; }}")["out"]
    listed = (nix.physical(inside) / "store-paths").read_text().split()
    return Built(oci_images.read(nix.physical(out)), out, tuple(listed))


@pytest.fixture(scope="module")
def built(nix: Nix) -> Built:
    """Build the image on the simulator, with the default Python."""
    return build(nix, "p.rknn.simulated.oci-image", "[ i.python p.dockerTools.fakeNss ]")


@pytest.fixture(scope="module")
def own(nix: Nix) -> Built:
    """Build an image that somebody made of it."""
    return build(nix, f"p.rknn.simulated.oci-image{OWN}", "[ i.python p.dockerTools.fakeNss ]")


def text(image: Image, path: str) -> str:
    """Return what a file of the image holds."""
    entry = image.resolve(path)
    assert entry is not None, f"no {path} among {sorted(image.entries)[:20]}"
    return entry.data.decode()


def test_nobody_runs_a_python_with_the_binding(built: Built) -> None:
    (python,) = [path for path in built.closure if path.endswith("-python3-3.12-env")]
    config = built.image.config
    assert config["User"] == "65534:65534"
    assert config["Entrypoint"] == [f"{python}/bin/python3"]
    assert config["Env"] == [f"PATH={python}/bin:/bin", "PYTHONUNBUFFERED=1"]
    assert "Cmd" not in config
    (binding,) = [path for path in built.closure if "-rknn-toolkit-lite2-" in path]
    (packages,) = [path for path in built.image.entries if path.endswith("/packages.pth")]
    assert packages.startswith(python)
    assert f"{binding}/lib/python3.12/site-packages" in text(built.image, packages)


def test_it_says_what_it_is(built: Built) -> None:
    described = built.image.described
    assert built.image.tags == [f"rknn:{RELEASE}"]
    assert (described["os"], described["architecture"]) == ("linux", "arm64")
    assert described["created"].startswith("1970-01-01T00:00:01")
    labels = built.image.config["Labels"]
    assert labels["org.opencontainers.image.version"] == RELEASE
    assert labels["org.opencontainers.image.url"].startswith("https://")
    assert set(labels) == {
        f"org.opencontainers.image.{name}"
        for name in ("title", "description", "version", "url", "licenses")
    }


def test_the_user_has_a_name(built: Built) -> None:
    users = [line.split(":") for line in text(built.image, "/etc/passwd").splitlines()]
    groups = [line.split(":") for line in text(built.image, "/etc/group").splitlines()]
    assert ["65534", "65534"] in [user[2:4] for user in users]
    assert "65534" in [group[2] for group in groups]
    assert {user[5] for user in users} == {"/var/empty"}
    assert built.image.resolve("/var/empty") is not None


def test_every_path_that_it_needs_is_there_once(built: Built) -> None:
    assert any("-rknn-simulator-" in path for path in built.closure), built.closure
    assert built.image.store_paths() == sorted(built.closure)


def test_files_are_those_of_the_store(nix: Nix, built: Built) -> None:
    (library,) = [path for path in built.image.entries if path.endswith("/lib/librknnrt.so")]
    entry = built.image.entries[library]
    assert entry.data == nix.physical(library).read_bytes()
    assert entry.header.mode == 0o555


def test_nothing_else_is_in_it(built: Built) -> None:
    assert oci_images.faults(built.image) == []
    assert built.image.entries["/tmp"].header.mode == 0o1777  # noqa: S108  # the image's


def test_what_should_not_be_in_one_is_found(nix: Nix) -> None:
    image = build(nix, WRONG).image
    found = [line.partition(":")[0] for line in oci_images.faults(image)]
    assert sorted(found) == ["/etc-pipe"] * 2 + ["/open"] * 2 + ["/su"] * 2 + ["/usr"], found


def test_nothing_of_the_machine_is_in_it(nix: Nix, built: Built) -> None:
    place = str(nix.store).encode()
    naming = [entry.path for entry in built.image.entries.values() if place in entry.data]
    assert naming == []
    assert nix.closure(built.out) == (built.out,)


def test_links_lead_to_what_is_in_it(built: Built) -> None:
    image = built.image
    links = [entry for entry in image.entries.values() if entry.header.issym()]
    assert links
    lost = {link.header.linkname for link in links if image.resolve(link.path) is None}
    # nixpkgs' Python is in the store; this package set's is Debian's.
    assert lost <= {"/usr/bin/python3.12", "python3.12"}, lost


def test_ones_own_packages_files_and_settings_are_in_ones_own(built: Built, own: Built) -> None:
    more = set(own.closure) - set(built.closure)
    assert any("-rich-" in path for path in more), more
    assert text(own.image, "/bin/hello") == "#!/bin/sh"
    assert built.image.resolve("/bin") is None
    (added,) = set(own.image.store_paths()) - set(own.closure)
    assert added.endswith("-hello")
    config = own.image.config
    assert (config["User"], config["Cmd"]) == ("1000:1000", ["/bin/hello"])
    assert config["Entrypoint"] != built.image.config["Entrypoint"]
    assert config["Labels"] == built.image.config["Labels"]


def test_another_python_has_its_own_wheel(nix: Nix) -> None:
    image = build(nix, f"p.rknn.simulated.oci-image{PYTHON_311}").image
    names = [path for path in image.store_paths() if "rknn-toolkit-lite2" in path]
    assert len(names) == 1, names
    assert "-python3.11-" in names[0]
    assert image.config["Entrypoint"][0].partition("-")[2] == "python3-3.11-env/bin/python3"


def test_a_python_without_a_wheel_is_refused(nix: Nix) -> None:
    newer = PYTHON_311.replace("311", "313")
    with pytest.raises(CommandError) as caught:
        build(nix, f"p.rknn.simulated.oci-image{newer}")
    assert "Rockchip has no wheel for cpython 3.13" in str(caught.value)


def test_a_workstation_makes_an_image_for_the_board(nix: Nix) -> None:
    package = "p.pkgsCross.aarch64-multiplatform.rknn.simulated.oci-image"
    image = build(nix, package, system="x86_64-linux").image
    assert image.described["architecture"] == "arm64"
    (library,) = [path for path in image.entries if path.endswith("/lib/librknnrt.so")]
    # e_machine of ELF: EM_AARCH64.
    assert image.entries[library].data[18] == 183
