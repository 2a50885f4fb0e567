"""rknn-reproduce: build packages twice or more, and compare what comes out."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rknn_flake.console import guarded, say
from rknn_flake.errors import BadFileError
from rknn_flake.pins import tables
from rknn_flake.process import tool
from rknn_flake.progress import bars
from rknn_flake.reproduce import (
    against,
    conditions,
    plan,
    probe,
    record,
    report,
    running,
    stores,
    verifying,
)
from rknn_flake.reproduce.options import NAME, Options, parse

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Run the rounds that `argv` asks for; 0 only if all agrees."""
    return guarded(NAME, lambda: _run(parse(argv)))


def _run(options: Options) -> int:
    for name in ("nix", "nix-store", "git"):
        tool(name)
    preload = options.preload and conditions.can_preload()
    if preload != options.preload:
        say(f"{NAME}: no cc on PATH: the clock and the order in folders are not varied")
    with bars() as shown:
        bar = shown.bar("evaluating the flake")
        wanted, probing = _plan(options)
        bar.done()
        with stores.workplace(keep=options.keep) as place:
            known: dict[str, str | None] = {}
            if options.against:
                # Before hours of building.
                bar = shown.bar(f"asking {options.against}")
                known = against.ask(options.planner, wanted.targets, options.against, place)
                bar.done()
            result = running.run_rounds(
                options.planner,
                wanted,
                probing,
                conditions.vary(options.rounds, preload=preload),
                place=place,
                seed=options.seed,
                keep=options.keep,
                bars=shown,
            )
            held = []
            if options.against:
                bar = shown.bar(f"comparing with {options.against}")
                held = against.hold(
                    result.rounds[0].nix,
                    wanted.targets,
                    result.hashes,
                    options.against,
                    place,
                    known=known,
                )
                bar.done()
    document = report.as_json(result)
    if not options.json:
        report.rounds(result)
    good = [
        result.agrees,
        _told_against(options, held, document),
        _verified(options, result, document),
        _recorded(options, result),
    ]
    if options.json:
        tables.show_json(document)
    return 0 if all(good) else 1


def _plan(options: Options) -> tuple[plan.Plan, plan.Target]:
    """Return what to build, and the probe."""
    planner, system = options.planner, options.system
    if options.recorded and not options.packages:
        offered = plan.package_names(planner, system)
        found = plan.find(planner, system, tuple(options.recorded.packages), offered)
        targets = tuple(what for what in found.values() if isinstance(what, plan.Target))
        if not targets:
            raise BadFileError("the flake has none of the record's packages any more")
    else:
        targets = plan.from_flake(planner, system, options.packages)
    wanted = plan.Plan.of(planner, targets)
    probing = probe.from_flake(planner, system, tools=wanted.uses_host)
    return wanted.along_with(planner, probing), probing


def _told_against(options: Options, held: list[against.Held], document: dict[str, Any]) -> bool:
    if not options.against:
        return True
    document["against"] = [asdict(one) for one in held]
    if not options.json:
        report.against(options.against, held)
    if all(one.status == "absent" for one in held):
        say(f"{NAME}: {options.against} has none of these outputs: nothing was compared")
        return False
    return all(one.status != "differs" for one in held)


def _verified(options: Options, result: running.Result, document: dict[str, Any]) -> bool:
    if not options.recorded or not options.verify:
        return True
    tools = result.rounds[0].seen.tools
    targets = [verdict.target for verdict in result.verdicts]
    everything = not options.packages
    checked = verifying.check(
        options.recorded, targets, result.hashes, tools=tools, all_asked=everything
    )
    other = verifying.other_tools(options.recorded, tools)
    document |= {"record": [asdict(one) for one in checked], "other tools": other}
    if not options.json:
        report.verified(checked, other)
    unlike = [one.name for one in checked if one.status == "other-tools"]
    if unlike:
        count = "1 package" if len(unlike) == 1 else f"{len(unlike)} packages"
        say(
            f"{NAME}: nothing was compared for {count}, since this machine's tools are not those "
            f"of the record: {' '.join(unlike)}; record again with these tools"
        )
    return all(one.status not in verifying.FAILURES for one in checked)


def _recorded(options: Options, result: running.Result) -> bool:
    if not options.record:
        return True
    if not result.agrees:
        say(f"{NAME}: {options.record}: not written, since the rounds do not agree")
        return False
    packages = {
        verdict.target.name: record.Package(
            verdict.target.drv, {name: hashes[0] for name, hashes in verdict.hashes.items()}
        )
        for verdict in result.verdicts
    }
    entry = record.Entry(
        signed=options.signed,
        date=record.today(),
        rounds=len(result.rounds),
        inputs=record.inputs(options.planner),
        tools=result.rounds[0].seen.tools,
        packages=packages,
    )
    record.write(options.record, options.system, entry)
    before = options.recorded.packages if options.recorded else {}
    gone = " ".join(name for name in before if name not in packages)
    lost = f"; no longer in it: {gone}" if gone else ""
    say(f"{NAME}: {options.record}: {options.system}: recorded {' '.join(packages)}{lost}")
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
