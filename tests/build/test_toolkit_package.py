"""The converter: built from the wheels, on the newest libraries, it converts inside the sandbox."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

import check_elf
from expressions import ALONE, pkgs_expression
from rknn_flake.errors import CommandError
from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

# 2.5.0 has no attention on any version of its libraries: "KeyError: 'q_mm'".
CONVERTED = {
    "2.3.0": ("conv", "attention"),
    "2.3.2": ("conv", "attention", "two-inputs-ranks"),
    "2.5.0": ("conv", "two-inputs-ranks"),
}
SCRIPTS = ("graphs", "graph_images", "graph_joints", "graph_parts", "graph_vectors")


def toolkit(system: str, python: str, release: str, then: str = "") -> str:
    """Return a Nix expression for the package."""
    return (
        f"let p = {pkgs_expression(system=f'{system}-linux')}; in (p.{python}Packages"
        f'.rknn-toolkit2.override {{ release = "{release}"; }}){then}'
    )


def site_packages(root: Path) -> Path:
    (site,) = root.glob("lib/python3.*/site-packages")
    return site


def converted(nix: Nix, release: str, *names: str) -> dict[str, Any]:
    """Return what convert_in_sandbox.py found, run on the machine's own Python 3.11."""
    files = [f"{PROJECT}/tests/{name}.py" for name in SCRIPTS]
    copies = " ".join(f"${{{file}}}" for file in files)
    out = nix.build_expression(
        f"""
        let
          p = {pkgs_expression(system="x86_64-linux")};
          toolkit = p.python311Packages.rknn-toolkit2.override {{ release = "{release}"; }};
          python = p.python311.withPackages (_: [ toolkit ]);
        in
        p.runCommand "toolkit-{release}-converts" {{ }} ''
          for file in {copies}; do cp $file "$(stripHash $file)"; done
          cp ${{{PROJECT}/tests/build/convert_in_sandbox.py}} convert.py
          ${{python.interpreter}} convert.py {" ".join(names)} >$out
        ''
        """,
        "-L",
    )
    found: dict[str, Any] = json.loads(nix.physical(out["out"]).read_text().splitlines()[-1])
    return found


@pytest.mark.parametrize("release", sorted(CONVERTED))
def test_graphs_are_converted_on_the_newest_libraries(nix: Nix, release: str) -> None:
    found = converted(nix, release, *CONVERTED[release])
    assert found["cosine"].keys() == set(CONVERTED[release])
    assert min(found["cosine"].values()) >= 0.999, found
    assert set(found["applied"]) == {
        "numpy_cast",
        "numpy_scalars",
        "onnx_mapping",
        "package_versions",
        "protobuf_label",
        "search_path",
        "torch_absent",
    }


def test_its_requirements_are_met_by_the_newest_only_with_the_hook(nix: Nix) -> None:
    nix.build_expression(toolkit("x86_64", "python311", "2.3.2"))
    unpatched = toolkit("x86_64", "python311", "2.3.2").replace(
        "release =",
        'hooks = p.rknn.hooks // { patchToolkitHook = p.writeText "no" ""; }; release =',
    )
    with pytest.raises(CommandError, match="not satisfied by version") as refused:
        nix.build_expression(unpatched)
    assert "protobuf" in str(refused.value)
    assert "torch not installed" in str(refused.value)


@pytest.mark.parametrize("system", ["aarch64", "x86_64"])
@pytest.mark.parametrize("python", ["python311", "python312"])
def test_it_is_built_for_both_machines(nix: Nix, system: str, python: str) -> None:
    out = nix.build_expression(toolkit(system, python, "2.3.2", ALONE))["out"]
    site = site_packages(nix.physical(out))
    (library,) = site.glob("rknn/api/lib/linux-*/librknnc.so")
    kind = check_elf.header_kind(library.read_bytes()[:20])
    assert kind is not None
    assert kind[1] == system
    # The wheel's names the machine that it was built on, and an empty entry is the current folder.
    paths = check_elf.parse(library, library.read_bytes()).rpath
    assert paths
    assert all(path.startswith("/nix/store/") for path in paths), paths


def test_compiled_modules_are_the_wheels_own(nix: Nix) -> None:
    package = toolkit("x86_64", "python311", "2.3.2", ALONE)
    site = site_packages(nix.physical(nix.build_expression(package)["out"]))
    wheel = nix.physical(nix.build_expression(f"({package}).src")["out"])
    with zipfile.ZipFile(wheel) as archive:
        modules = [name for name in archive.namelist() if ".cpython-311-" in name]
        assert len(modules) > 300, len(modules)
        changed = [name for name in modules if (site / name).read_bytes() != archive.read(name)]
    assert changed == []


def test_the_vendors_programs_are_left_out(nix: Nix) -> None:
    out = nix.build_expression(toolkit("x86_64", "python311", "2.3.2", ALONE))["out"]
    names = {path.name for path in nix.physical(out).rglob("*")}
    assert not names & {"adb", "rknn_crypt_tool", "platform-tools"}
    assert "librknnc.so" in names


def test_bytecode_is_compiled(nix: Nix) -> None:
    out = nix.build_expression(toolkit("x86_64", "python311", "2.3.2", ALONE))["out"]
    api = site_packages(nix.physical(out)) / "rknn/api"
    for folder in (api, api / "compatibility"):
        sources = {path.stem for path in folder.glob("*.py")}
        made = {path.name.split(".")[0] for path in (folder / "__pycache__").glob("*.pyc")}
        assert sources
        assert made == sources


def test_a_wheel_for_another_python_is_refused(nix: Nix) -> None:
    other = toolkit("x86_64", "python312", "2.3.2", ".src")
    with pytest.raises(CommandError) as caught:
        nix.build_expression(
            toolkit(
                "x86_64",
                "python311",
                "2.3.2",
                f".overrideAttrs (_: {{ propagatedBuildInputs = [ ]; src = ({other}); }})",
            ),
            "-L",
        )
    assert "the wheel is for another Python than cp311" in str(caught.value)
