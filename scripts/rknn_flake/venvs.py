"""Private Python environments in the cache: made once, complete or made again.

Runs on the machine's own Python before anything is installed: standard library only.
"""

from __future__ import annotations

import hashlib
import platform
import sys
from pathlib import Path

from rknn_flake.console import guarded, say
from rknn_flake.errors import CommandError, UsageError
from rknn_flake.lock import exclusive
from rknn_flake.paths import cache_dir
from rknn_flake.process import run, tail

# Written last. A venv names its own path, so it can't be made elsewhere and renamed into place.
COMPLETE = ".complete"


def ensure(name: str, requirements: tuple[str, ...], python: str = sys.executable) -> Path:
    """Return the Python of the environment `name` that holds `requirements` and nothing else.

    Each requirement is "name==version", and dependencies are listed too. The environment is kept
    as NAME-<hash of what it is made from>. Raises CommandError when it can't be made; what is left
    of it is made again next time.
    """
    root = cache_dir() / f"{name}-{_key(python, requirements)}"
    interpreter = root / "bin" / "python"
    if not _complete(root):
        with exclusive(cache_dir() / f"{name}.lock", f"installing Python packages into {root}"):
            if not _complete(root):
                _make(root, python, requirements)
    return interpreter


def _complete(root: Path) -> bool:
    # The link dangles once the Python it was made from is gone.
    return (root / COMPLETE).exists() and (root / "bin" / "python").exists()


def _make(root: Path, python: str, requirements: tuple[str, ...]) -> None:
    say(f"installing from PyPI into {root}: {' '.join(requirements)}")
    (root / COMPLETE).unlink(missing_ok=True)
    run([python, "-m", "venv", "--clear", root])
    pip = (str(root / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install")
    options = ("--no-input", "--no-deps", "--only-binary", ":all:")
    # "Can not perform a '--user' install" where the user's pip.conf asks for one.
    done = run([*pip, *options, *requirements], check=False, env={"PIP_USER": "0"})
    if done.status != 0:
        full = "No space left" in done.stderr
        cause = "the disk is full" if full else "is PyPI reachable?"
        raise CommandError(f"pip could not install into {root}; {cause}{tail(done)}")
    (root / COMPLETE).touch()


def _key(python: str, requirements: tuple[str, ...]) -> str:
    """Return a hash over the requirements, the Python's version and the machine."""
    version = platform.python_version()
    if python != sys.executable:
        version = run([python, "-c", "import platform; print(platform.python_version())"]).stdout
    made_from = (version.strip(), platform.machine(), *requirements)
    return hashlib.sha256("\n".join(made_from).encode()).hexdigest()[:12]


def read_requirements(path: Path) -> tuple[str, ...]:
    """Return the lines of a requirements file without comments; each must pin with ==."""
    lines = (line.partition("#")[0].strip() for line in path.read_text().splitlines())
    wanted = tuple(line for line in lines if line)
    for line in wanted:
        if "==" not in line:
            raise UsageError(f"{path}: {line!r} is not pinned; write it as name==version")
    return wanted


def main(argv: list[str]) -> int:
    """Make the environment for the requirements file named in `argv` and print its Python."""

    def work() -> int:
        if len(argv) != 1:
            raise UsageError("usage: python -m rknn_flake.venvs REQUIREMENTS.txt")
        sys.stdout.write(f"{ensure('venv', read_requirements(Path(argv[0])))}\n")
        return 0

    return guarded("bootstrap", work)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
