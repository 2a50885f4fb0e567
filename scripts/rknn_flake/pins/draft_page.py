"""What a person sees of a change to sources.toml: its diff, what went wrong and what to judge."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rknn_flake.console import say
from rknn_flake.pins import editing, sources, tables
from rknn_flake.pins.draft import applied, difference

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rknn_flake.pins.draft_hashes import Filled
    from rknn_flake.pins.judging import Question

COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@dataclass(frozen=True)
class Page:
    """A change to the file `path`, whose text is `before`, and all that is to be said about it."""

    path: Path
    before: str
    result: Filled
    nothing: str
    notes: Sequence[str] = ()
    failures: Sequence[str] = ()
    questions: Sequence[Question] = ()
    option: str = "--write"

    @property
    def writable(self) -> bool:
        """Whether there is a change, and nothing speaks against it."""
        return bool(self.result.draft) and not self.result.refused

    @property
    def diff(self) -> str:
        """The change as a unified diff."""
        return difference(self.path, self.before, applied(self.before, self.result.draft))

    def save(self) -> None:
        """Make the change, whole, in the file as it is by now."""
        editing.edit(self.path, lambda text: applied(text, self.result.draft))


def show(page: Page, *, as_json: bool, to_stderr: bool, written: bool) -> None:
    """Print the page, to stdout unless `to_stderr`."""
    if as_json:
        tables.show_json(_described(page, written=written))
        return
    tell = say if to_stderr else tables.say
    if page.result.draft:
        _show_diff(page.diff, to_stderr=to_stderr)
    for line in _lines(page, written=written):
        tell(tables.clean(line))


def _lines(page: Page, *, written: bool) -> list[str]:
    result = page.result
    count = len(result.draft.entries)
    lines = []
    if result.fetched:
        lines.append(f"fetched {result.fetched} of {count} files, {tables.human(result.size)}")
    for head, told in (
        ("refused:", result.refused),
        (
            "not to be had, so they have no hash yet; `rknn-pins prefetch` fills it in:",
            result.missing,
        ),
        ("a mirror was of no use:", result.remarks),
        ("to know:", page.notes),
        ("went wrong:", page.failures),
    ):
        lines += [head, *(f"  {line}" for line in told)] if told else []
    if page.questions:
        lines.append("for you to judge:")
    for question in page.questions:
        lines.append(f"  {question.release}: {question.text}")
        lines += [f"    {line}" for line in question.details]
    return [*lines, _ending(page, written=written)]


def _ending(page: Page, *, written: bool) -> str:
    count = len(page.result.draft.entries)
    if page.result.refused:
        return f"{page.path} is as it was, because of what was refused"
    if not page.result.draft:
        return f"{page.nothing}, as far as could be asked" if page.failures else page.nothing
    what = f"{count} file{'' if count == 1 else 's'}"
    if not page.result.draft.entries:
        what = "the defaults"
    if written:
        return f"{page.path}: {what} written"
    return f"{page.path} is as it was; {page.option} to write {what}"


def _show_diff(diff: str, *, to_stderr: bool) -> None:
    stream = sys.stderr if to_stderr else sys.stdout
    lines = [tables.clean(line) for line in diff.splitlines()]
    if not stream.isatty():
        text = "".join(f"{line}\n" for line in lines)
        _write(text, to_stderr=to_stderr)
        return
    # A fifth of a second to import, which a pipe need not wait for.
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=stream, highlight=False, soft_wrap=True)
    with console.capture() as drawn:
        for line in lines:
            bold = line.startswith(("+++", "---"))
            console.print(Text(line, "bold" if bold else COLOURS.get(line[:1], "")))
    _write(drawn.get(), to_stderr=to_stderr)


def _write(text: str, *, to_stderr: bool) -> None:
    if to_stderr:
        say(text.removesuffix("\n"))
    else:
        tables.write(text)


def _described(page: Page, *, written: bool) -> dict[str, Any]:
    draft = page.result.draft
    files = [
        {key: getattr(entry, field) for key, field in sources.KEYS.items() if getattr(entry, field)}
        | {"release": entry.release}
        for entry in draft.entries
    ]
    return {
        "written": written,
        "files": files,
        "tags": {
            release: {"tag": tagged.tag, "rev": tagged.rev}
            for release, tagged in draft.tagged.items()
        },
        "defaults": dict(draft.defaults),
        "refused": list(page.result.refused),
        "missing": list(page.result.missing),
        "remarks": list(page.result.remarks),
        "notes": list(page.notes),
        "failures": list(page.failures),
        "judge": [
            {"release": one.release, "text": one.text, "details": list(one.details)}
            for one in page.questions
        ],
        "diff": page.diff if draft else "",
    }
