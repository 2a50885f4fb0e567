"""Converts the graphs of graphs.py with rknn-convert and writes down what came of each.

    python3 convert_graphs.py FOLDER GRAPH,GRAPH... PROGRAM [WORD...]

PROGRAM WORD... is rknn-convert. Each graph is converted float and int8, each twice under different
surroundings; what the toolkit's simulator makes of it is held against onnxruntime, and for some
rknn-convert's own comparison is asked as well. FOLDER gets GRAPH-KIND.rknn, and report.json with a
Conversion (conversions.py) for each.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import graphs
from simulate_graphs import JUDGED, KINDS, TARGET, compare, sources

SECONDS = 300
# What should make no difference: an environment of another size, seeds, memory that is not zero.
OTHER = {
    **{f"VARIABLE_{number}": "x" * number for number in range(60)},
    "PYTHONHASHSEED": "7",
    "MALLOC_PERTURB_": "170",
    "OMP_NUM_THREADS": "1",
    "LANG": "de_DE",
}


def flags(name: str, kind: str) -> list[str]:
    """Return the words that say how a graph is converted."""
    graph = graphs.GRAPHS[name]
    words = ["--target", TARGET, *(["--quantize", "samples.txt"] if kind == "int8" else [])]
    for flag, numbers in (("--mean", graph.mean), ("--std", graph.std)):
        words += [flag, ",".join(map(str, numbers))] if numbers else []
    return words


def run(words: list[str], folder: Path, environment: dict[str, str]) -> str:
    """Return what a program prints; raise RuntimeError with what it complained of."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    done = subprocess.run(
        words,
        cwd=folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"status {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def convert(program: list[str], name: str, kind: str, folder: Path) -> dict[str, Any]:
    """Convert a graph twice, inspect the file, and return what is known of it."""
    made, again = folder / f"{name}-{kind}.rknn", folder / "again" / f"{name}-{kind}" / "other.rknn"
    work = folder / "work" / name
    began = time.monotonic()
    run([*program, f"{name}.onnx", "-o", str(made), *flags(name, kind)], work, {"HOME": "/"})
    seconds = time.monotonic() - began
    other = again.parent / "a rather long name of a folder"
    shutil.copytree(work, other)
    (other / f"{name}.onnx").rename(other / "model.onnx")
    settings = {**OTHER, "TMPDIR": str(other), "HOME": str(other)}
    run([*program, "model.onnx", "-o", "../other.rknn", *flags(name, kind)], other, settings)
    return {
        "seconds": seconds,
        "size": made.stat().st_size,
        "digests": [hashlib.sha256(file.read_bytes()).hexdigest() for file in (made, again)],
        "inspected": json.loads(run([*program, "inspect", "--json", str(made)], folder, {})),
    }


def judge(program: list[str], name: str, kind: str, folder: Path) -> dict[str, Any]:
    """Return what rknn-convert says of the file, on the sample that compare() takes."""
    files = [f"{name}.onnx", str(folder / f"{name}-{kind}.rknn"), "--inputs", "compared.txt"]
    words = [word for word in flags(name, kind) if word not in {"--target", TARGET}]
    told = run([*program, "compare", "--json", *files, *words], folder / "work" / name, {})
    return {"judged": json.loads(told)}


def main(argv: list[str]) -> int:
    """Convert and compare; what fails is noted, and the rest goes on."""
    folder, names, program = Path(argv[0]).absolute(), argv[1].split(","), argv[2:]
    models = {name: sources(name, folder / "work" / name) for name in names}
    report = {(name, kind): {"graph": name, "kind": kind} for name in names for kind in KINDS}

    def note(key: tuple[str, str], work: Any, *more: object) -> None:  # noqa: ANN401
        try:
            report[key] |= work(*more)
        except BaseException as error:  # noqa: BLE001
            report[key]["problem"] = f"{work.__name__}: {type(error).__name__}: {error}"

    with ThreadPoolExecutor(2) as pool:
        for key in report:
            pool.submit(note, key, convert, program, *key, folder)
    with ThreadPoolExecutor(2) as pool:
        for key in report:
            if key[0] in JUDGED:
                pool.submit(note, key, judge, program, *key, folder)
    with contextlib.redirect_stdout(io.StringIO()):
        for key in report:
            note(key, compare, *key, models[key[0]])
    shutil.rmtree(folder / "work")
    shutil.rmtree(folder / "again")
    (folder / "report.json").write_text(json.dumps(list(report.values()), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
