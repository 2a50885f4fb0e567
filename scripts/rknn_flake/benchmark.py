"""scripts/benchmark: run the programs of benchmarks/, each of which prints a ratio."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from rknn_flake import hostsetup
from rknn_flake.console import guarded, say
from rknn_flake.lock import exclusive
from rknn_flake.paths import PROJECT, cache_dir

# Name to module of benchmarks/.
BENCHMARKS = {
    "bytes": "bytes_fetched",
    "binding": "binding_cost",
    "evaluation": "evaluation_cost",
    "pins": "pins_check",
    "pins-memory": "pins_memory",
    "inspect": "inspect_file",
    "convert": "conversion",
    "convert-torch": "conversion_torch",
}


def main(argv: list[str]) -> int:
    """Run the benchmarks that `argv` names, by default all; 1 where a target was missed."""
    parser = argparse.ArgumentParser(prog="scripts/benchmark", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"any of {', '.join(BENCHMARKS)} (default: all)"
    )
    parser.add_argument("--json", action="store_true", help="all figures, for a machine")
    options = parser.parse_args(argv)
    for name in options.names:
        if name not in BENCHMARKS:
            parser.error(f"no benchmark {name!r}; there are {', '.join(BENCHMARKS)}")
    names = tuple(dict.fromkeys(options.names or BENCHMARKS))
    return guarded("benchmark", lambda: _run(names, as_json=options.json))


def _run(names: tuple[str, ...], *, as_json: bool) -> int:
    # benchmarks/ is found from the project's folder, wherever this is run, and so is the server
    # on loopback that the tests have.
    sys.path[:0] = [str(PROJECT), str(PROJECT / "tests")]
    shown = import_module("benchmarks.report")
    modules = {name: import_module(f"benchmarks.{BENCHMARKS[name]}") for name in names}
    reports = []
    with exclusive(cache_dir() / "run.lock", "scripts/benchmark"):
        hostsetup.check_disk()
        hostsetup.ensure(
            dict.fromkeys(need for module in modules.values() for need in module.NEEDS)
        )
        for name, module in modules.items():
            if sys.stderr.isatty():
                say(f"measuring: {name}")
            reports.append(module.measure())
            if not as_json:
                sys.stdout.write(f"{shown.as_text(reports[-1])}\n")
                sys.stdout.flush()
    if as_json:
        sys.stdout.write(f"{shown.as_json(reports)}\n")
    return 0 if all(report.met for report in reports) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
