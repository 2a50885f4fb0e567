"""What a run says: the conditions, a table, and what differs; or all of it as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rknn_flake.pins import tables
from rknn_flake.pins.tables import Column, Row
from rknn_flake.reproduce import probe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rknn_flake.reproduce.against import Held
    from rknn_flake.reproduce.comparing import Verdict
    from rknn_flake.reproduce.running import Result
    from rknn_flake.reproduce.trees import Difference
    from rknn_flake.reproduce.verifying import Checked

STYLES = {"same": "green", "absent": "yellow", "unrecorded": "yellow", "other-tools": "yellow"}
BAD = "red"


def style(status: str) -> str:
    """Return the colour of a status."""
    return STYLES.get(status, BAD)


def rounds(result: Result) -> None:
    """Print the table of packages, what differs, and under which conditions they were built."""
    columns = [
        Column("package"),
        Column("output"),
        Column("verdict", styled=True),
        Column("NAR hash"),
        Column("seconds", right=True),
    ]
    rows = []
    for verdict in result.verdicts:
        seconds = " ".join(f"{one:.1f}" for one in verdict.seconds)
        for output, hashes in sorted(verdict.hashes.items()):
            status = _status(verdict, hashes)
            cells = (verdict.target.name, output, status, _hashes(hashes), seconds)
            rows.append(Row(verdict.target.name, cells, style=style(status)))
    tables.show(columns, rows)
    for verdict in result.verdicts:
        lines(_account(verdict))
    if result.others:
        tables.say("built on the way, and not the same in all rounds:")
        lines(f"  {path}" for path in result.others)
    lines(_conditions(result))


def _status(verdict: Verdict, hashes: Sequence[str]) -> str:
    if verdict.status == "differs" and len(set(hashes)) == 1 and all(hashes):
        return "same"
    return verdict.status


def _hashes(hashes: Sequence[str]) -> str:
    return " | ".join(dict.fromkeys(one or "not built" for one in hashes))


def _account(verdict: Verdict) -> Iterator[str]:
    name = verdict.target.name
    for number, error in verdict.errors.items():
        yield f"{name}: the build failed in round {number}:"
        yield from (f"  {line.strip()}" for line in error.splitlines())
        if verdict.status == "failed":
            break
    for unlike in verdict.unlike:
        yield f"{name}, output {unlike.output}: round 1 | round {unlike.round}"
        yield from _screenful(unlike.shown, unlike.count)
        yield from (f"  {line}" for line in unlike.diffoscope)
    for cause in verdict.causes:
        yield f"{name}: what it needs differs already: {cause}"


def _screenful(shown: Sequence[Difference], count: int) -> Iterator[str]:
    yield from (f"  {one}" for one in shown)
    if count > len(shown):
        yield f"  … {count - len(shown)} more"


def _conditions(result: Result) -> Iterator[str]:
    seen = [one.seen for one in result.rounds]
    unlike, held = probe.differed(seen)
    yield "differed between the rounds, as a build saw it:"
    for label in unlike:
        yield f"  {label}: {' | '.join(one.conditions[label] for one in seen)}"
    yield "the same in all rounds: " + ", ".join(
        f"{label} {seen[0].conditions[label]}" for label in held
    )


def against(store: str, held: Sequence[Held]) -> None:
    """Print how the outputs compare with those of another store."""
    counts = dict.fromkeys(("same", "differs", "absent"), 0)
    for one in held:
        counts[one.status] += 1
        if one.status == "differs":
            lines([f"{one.target}, output {one.output}: here {one.ours} | there {one.theirs}"])
            lines(_screenful(one.shown, one.count))
            lines([f"  {one.note}"] if one.note else [])
    told = f"{counts['same']} same, {counts['differs']} differ, {counts['absent']} not there"
    lines([f"against {store}: {told}"])


def verified(checked: Sequence[Checked], tools: Sequence[str]) -> None:
    """Print how the builds compare with the record."""
    columns = [Column("package"), Column("record", styled=True)]
    tables.show(
        columns,
        [
            Row(
                one.name, (one.name, one.status), (one.what,) if one.what else (), style(one.status)
            )
            for one in checked
        ],
    )
    if tools:
        lines(["the machine's tools are not those of the record:", *(f"  {one}" for one in tools)])


def lines(texts: Iterable[str]) -> None:
    """Write lines to stdout."""
    for text in texts:
        tables.say(text)


def as_json(result: Result) -> dict[str, Any]:
    """Return everything that the rounds told, for --json."""
    unlike, held = probe.differed([one.seen for one in result.rounds])
    return {
        "agrees": result.agrees,
        "packages": [_verdict(verdict) for verdict in result.verdicts],
        "differ on the way": list(result.others),
        "conditions": {
            "rounds": [one.seen.conditions for one in result.rounds],
            "differed": unlike,
            "held": held,
        },
        "tools": result.rounds[0].seen.tools,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "name": verdict.target.name,
        "status": verdict.status,
        "drv": verdict.target.drv,
        "outputs": {
            output: {"path": verdict.target.outputs[output], "hashes": list(hashes)}
            for output, hashes in verdict.hashes.items()
        },
        "seconds": [round(one, 3) for one in verdict.seconds],
        "errors": {str(number): error for number, error in verdict.errors.items()},
        "causes": list(verdict.causes),
        "differences": [
            {
                "output": one.output,
                "round": one.round,
                "count": one.count,
                "shown": [vars(each) for each in one.shown],
                "diffoscope": list(one.diffoscope),
            }
            for one in verdict.unlike
        ],
    }
