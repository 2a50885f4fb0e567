"""Mixes of the converter's dependencies, and graphs converted on each with the package as built.

python tests/matrix.py      prints the table of docs/converter.md
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conversions import Conversion
from rknn_flake import venvs
from rknn_flake.process import run

GRAPHS = ("conv", "attention", "two-inputs-ranks")
SHOWN = ("numpy", "onnx", "onnxruntime", "protobuf", "setuptools", "scipy", "torch")
SCRIPT = Path(__file__).with_name("simulate_graphs.py")

# Nothing is known to hang on their versions.
SMALL = "psutil==7.2.2 packaging==26.3 flatbuffers==25.12.19 ml_dtypes==0.6.0 fast-histogram==0.14"
SMALL += " typing_extensions==4.16.0 tqdm==4.70.1 ruamel.yaml==0.18.10"
# Not on PyPI, where torch brings gigabytes of CUDA along: only where pip knows of such a file.
TORCH = "torch==2.13.0+cpu sympy==1.14.0 mpmath==1.3.0 networkx==3.4.2 jinja2==3.1.6"
TORCH += " markupsafe==3.0.4 filelock==4.2.11 fsspec==2026.9.0"


@dataclass(frozen=True)
class Mix:
    """Packages from PyPI, each "name==version", for one Python."""

    name: str
    python: str
    packages: str

    @property
    def versions(self) -> dict[str, str]:
        """The version of each package; the last one where a package is named twice."""
        return dict(word.split("==", 1) for word in self.packages.split())

    @property
    def requirements(self) -> tuple[str, ...]:
        """What pip installs, without what that would bring along."""
        return tuple(f"{name}=={version}" for name, version in sorted(self.versions.items()))


MIXES = (
    # The first that have wheels for Python 3.11, or that rknn-toolkit2 asks for.
    Mix(
        "oldest",
        "3.11",
        f"{SMALL} numpy==1.23.5 onnx==1.16.1 onnxruntime==1.17.0 protobuf==4.21.6 "
        "setuptools==65.5.0 scipy==1.9.3 opencv-python-headless==4.5.5.64 psutil==5.9.4 "
        "tqdm==4.64.1 ruamel.yaml==0.17.21 fast-histogram==0.11 typing_extensions==4.4.0",
    ),
    Mix(
        "between",
        "3.11",
        f"{SMALL} numpy==2.2.6 onnx==1.19.1 onnxruntime==1.22.1 protobuf==6.33.6 "
        "setuptools==80.10.2 scipy==1.15.3 opencv-python-headless==4.11.0.86",
    ),
    Mix(
        "newest",
        "3.11",
        f"{SMALL} numpy==2.4.6 onnx==1.23.2 onnxruntime==1.32.0 protobuf==7.36.2 "
        f"setuptools==84.2.1 scipy==1.17.1 opencv-python-headless==5.0.0.93 {TORCH}",
    ),
    Mix(
        "newest-3.12",
        "3.12",
        f"{SMALL} numpy==2.5.5 onnx==1.23.2 onnxruntime==1.32.0 protobuf==7.36.2 "
        "setuptools==84.2.1 scipy==1.18.1 opencv-python-headless==5.0.0.93",
    ),
)


@dataclass(frozen=True)
class Outcome:
    """What came of each graph, and the compatibility patches that had something to do."""

    reports: tuple[Conversion, ...]
    patches: frozenset[str]


def environment(mix: Mix, python: str) -> Path:
    """Return the Python of a venv with the mix."""
    return venvs.ensure(f"matrix-{mix.name}", mix.requirements, python)


def tried(interpreter: Path, package: Path) -> Outcome:
    """Convert GRAPHS with the `package` (a folder for PYTHONPATH) on a mix's Python."""
    with tempfile.TemporaryDirectory() as folder:
        run(
            [interpreter, "-P", "-s", SCRIPT, folder, ",".join(GRAPHS)],
            cwd=Path(folder),
            env={
                "PYTHONPATH": os.pathsep.join([str(package), str(SCRIPT.parent)]),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
        )
        told: dict[str, Any] = json.loads((Path(folder) / "report.json").read_text())
    reports = tuple(Conversion(**one) for one in told["graphs"])
    return Outcome(reports, frozenset(told["patches"]))


def table() -> str:
    """Return the mixes as a table in Markdown."""
    rows = [["", "Python", *SHOWN], ["---"] * (2 + len(SHOWN))]
    rows += [
        [mix.name, mix.python, *(mix.versions.get(name, "none") for name in SHOWN)] for mix in MIXES
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    sys.stdout.write(table())
