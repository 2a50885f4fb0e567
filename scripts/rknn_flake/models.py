"""Real .rknn models, made on this machine with the vendor's converter and kept in the cache.

python -m rknn_flake.models    makes what is missing and prints the folder
"""

from __future__ import annotations

import hashlib
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from rknn_flake import venvs
from rknn_flake.console import guarded, say
from rknn_flake.errors import BadFileError, CommandError, MissingToolError, UsageError
from rknn_flake.lock import exclusive
from rknn_flake.paths import cache_dir
from rknn_flake.process import run, tail
from rknn_flake.rknn_file import describe
from rknn_flake.sums import intact, keep, remove_stale

# Name to the SoC it is made for.
MODELS = {
    "conv-rk3588": "rk3588",
    "add-two-inputs-rk3588": "rk3588",
    "quantized-rk3588": "rk3588",
    "conv-rk3566": "rk3566",
}
# All that converting an ONNX file imports. onnx 1.19 has no onnx.mapping any more, and setuptools
# after 80 no pkg_resources: the converter needs both.
CONVERTER = (
    "rknn-toolkit2==2.3.2",
    "numpy==1.26.4",
    "onnx==1.18.0",
    "onnxruntime==1.19.2",
    "protobuf==5.29.5",
    "setuptools==70.3.0",
    "tqdm==4.70.1",
    "typing_extensions==4.16.0",
)
PYTHONS = ((3, 11), (3, 12))
SCRATCH = "new-"
RECIPE = Path(__file__).with_name("make_model.py")


def folder() -> Path:
    """Return where the models are: a folder of its own for each recipe and converter."""
    made_from = RECIPE.read_bytes() + "\n".join(CONVERTER).encode()
    return cache_dir() / "models" / hashlib.sha256(made_from).hexdigest()[:12]


def get(name: str) -> Path:
    """Return the checked .rknn file `name` (a key of MODELS), making it where it is missing."""
    if name not in MODELS:
        raise UsageError(f"no model named {name!r}; there are: {', '.join(MODELS)}")
    return prepare() / f"{name}.rknn"


def prepare() -> Path:
    """Make the models that are missing or corrupt, in one converter run; return their folder."""
    target = folder()
    if _absent(target):
        with exclusive(cache_dir() / "models.lock", "converting models"):
            _make(target, _absent(target))
    return target


def _absent(target: Path) -> tuple[str, ...]:
    return tuple(name for name in MODELS if not intact(target / f"{name}.rknn"))


def _make(target: Path, names: tuple[str, ...]) -> None:
    if not names:  # whoever held the lock before made them
        return
    python = venvs.ensure("converter", CONVERTER, converter_python())
    say(f"converting with {CONVERTER[0]}: {' '.join(names)}")
    target.mkdir(parents=True, exist_ok=True)
    remove_stale(target.parent, SCRATCH)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=target.parent) as scratch:
        pairs = [word for name in names for word in (name, MODELS[name])]
        # It writes its intermediate files into the present folder. Without -P our own modules, in
        # the recipe's folder, would come before the converter's.
        done = run([python, "-P", RECIPE, scratch, *pairs], cwd=Path(scratch), check=False)
        if done.status != 0:
            raise CommandError(f"the converter failed on {' '.join(names)}{tail(done)}")
        for name in names:
            _keep(Path(scratch) / f"{name}.rknn", target / f"{name}.rknn", MODELS[name])


def _keep(made: Path, kept: Path, soc: str) -> None:
    if describe(made).targets != (soc,):
        raise BadFileError(f"{made.name}: made for {describe(made).targets}, not for {soc}")
    keep(made, kept)


def converter_python() -> str:
    """Return a Python that the converter has a wheel for: this one, or another on PATH."""
    if platform.machine() not in {"x86_64", "aarch64"}:
        raise MissingToolError(f"{CONVERTER[0]} has no wheel for {platform.machine()}")
    if sys.version_info[:2] in PYTHONS:
        return sys.executable
    found = (shutil.which(f"python{major}.{minor}") for major, minor in reversed(PYTHONS))
    for python in filter(None, found):
        if run([python, "-c", "import ensurepip, venv"], check=False).status == 0:
            return python
    raise MissingToolError(
        f"{CONVERTER[0]} has no wheel for Python {platform.python_version()}: "
        "please install Python 3.11 or 3.12 with its venv"
    )


def main() -> int:
    """Make every model and print the folder."""

    def work() -> int:
        sys.stdout.write(f"{prepare()}\n")
        return 0

    return guarded("models", work)


if __name__ == "__main__":
    sys.exit(main())
