"""Find newer releases on PyPI and newer tags of the SDK, and bring them into sources.toml."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rknn_flake.atomic import check_writable
from rknn_flake.errors import RknnError, UsageError
from rknn_flake.pins import (
    defaults,
    draft_page,
    judging,
    newer,
    pypi,
    sdk_tags,
    sources,
    url_parts,
    versions,
)
from rknn_flake.pins.client import Client
from rknn_flake.pins.draft_hashes import Filled, filled
from rknn_flake.pins.merging import merged
from rknn_flake.pins.nix_prefetch import STORES, Prefetcher

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from packaging.version import Version

    from rknn_flake.pins.draft import Draft
    from rknn_flake.pins.entries import Entry
    from rknn_flake.pins.newer import Found
    from rknn_flake.pins.sources import Sources

# nixpkgs' maintainers/scripts/update.py sets it for an updateScript; stdout is not for people then.
SCRIPT = "UPDATE_NIX_ATTR_PATH"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `update` takes."""
    parser.add_argument(
        "--to", metavar="VERSION", help="this release, even an older one or a pre-release"
    )
    parser.add_argument("--write", action="store_true", help="change the file, not only show how")
    parser.add_argument(
        "--default",
        action="store_true",
        help="move [defaults] to the new release where all that it needs has a hash",
    )
    parser.add_argument(
        "--no-prefetch", action="store_true", help="fetch no new file; `prefetch` fills in hashes"
    )
    parser.add_argument("--json", action="store_true", help="what was found, for a machine")
    parser.add_argument(
        "--index",
        default=pypi.INDEX,
        metavar="URL",
        help=f"a package index that serves the simple API as JSON (default: {pypi.INDEX})",
    )
    parser.add_argument(
        "--repository",
        default=sdk_tags.REPOSITORY,
        metavar="URL",
        help=f"the SDK's git repository (default: {sdk_tags.REPOSITORY})",
    )
    parser.add_argument(
        "--raw-base",
        default=sdk_tags.RAW,
        metavar="URL",
        help=f"where new files of the SDK are fetched (default: {sdk_tags.RAW})",
    )
    parser.add_argument(
        "--store", choices=STORES, default="auto", help="where Nix puts the files; as in prefetch"
    )


def run(options: argparse.Namespace) -> int:
    """Find, fetch and show what is newer, and write it if told; 1 where anything went wrong."""
    to = versions.wanted(options.to, "--to") if options.to else None
    raw = url_parts.without_user(options.raw_base)
    here = sources.read(options.file)
    if options.write:
        check_writable(options.file)
    before = options.file.read_bytes().decode()
    with TemporaryDirectory(prefix="rknn-pins-") as folder:
        files = newer.in_sdk(here, options.repository, raw, to, Path(folder))
    wheel = newer.on_index(here, Client(), options.index, to, files.tagged)
    failures = [*wheel.failures, *files.failures]
    if to is not None:
        _check_offered(to, wheel.versions | files.versions, wheel.notes, failures)
    draft, notes = _fetchable(merged(here, wheel, files), options)
    result = Filled(draft)
    if draft.entries and not options.no_prefetch:
        prefetcher = Prefetcher(options.store)
        result = filled(draft, jobs=options.jobs, trust=False, prefetcher=prefetcher)
    draft, staying = _with_defaults(here, result.draft, options)
    page = draft_page.Page(
        path=options.file,
        before=before,
        result=replace(result, draft=draft),
        nothing=_nothing(wheel, files, options.to),
        notes=(*wheel.notes, *files.notes, *notes, *staying),
        failures=tuple(failures),
        questions=tuple(_questions(options.file, here, draft, files)),
    )
    written = page.writable and options.write
    if written:
        page.save()
    draft_page.show(page, as_json=options.json, to_stderr=SCRIPT in os.environ, written=written)
    return 1 if result.refused or failures else 0


def _check_offered(
    to: Version, versions: set[Version], left_out: Sequence[str], failures: Sequence[str]
) -> None:
    if to in versions:
        return
    if left_out:
        raise RknnError(f"--to {to}: nothing to take: {'; '.join((*left_out, *failures))}")
    there = ", ".join(map(str, sorted(versions))) or "nothing"
    if failures:
        raise RknnError(f"--to {to}: not found; {there} is, and {'; '.join(failures)}")
    raise UsageError(f"--to {to}: neither the index nor the SDK has it; they have {there}")


def _fetchable(draft: Draft, options: argparse.Namespace) -> tuple[Draft, list[str]]:
    """Return the draft without what only a download can show to be right, if there is none."""
    pinned = [entry.label for entry in draft.extended if entry.hash is not None]
    if not options.no_prefetch or not pinned:
        return draft, []
    kept = tuple(entry for entry in draft.extended if entry.hash is None)
    note = f"with --no-prefetch these gain no mirror, as they are pinned: {', '.join(pinned)}"
    return replace(draft, extended=kept), [note]


def _with_defaults(
    here: Sources, draft: Draft, options: argparse.Namespace
) -> tuple[Draft, list[str]]:
    if not options.default:
        return draft, []
    after = _after(here, draft)
    releases = draft.releases or ((options.to,) if options.to else here.releases)
    moves, notes = defaults.moved(after, here.defaults, releases)
    return replace(draft, defaults=moves), notes


def _after(here: Sources, draft: Draft) -> list[Entry]:
    extended = {entry.key: entry for entry in draft.extended}
    return [*(extended.get(entry.key, entry) for entry in here.entries), *draft.added]


def _questions(path: Path, here: Sources, draft: Draft, files: Found) -> Iterable[judging.Question]:
    after = _after(here, draft)
    for release in dict.fromkeys((*draft.releases, *files.tagged)):
        yield from judging.gone(files.gone, after, release)
        yield from (question for question in files.questions if question.release == release)
        comments = _comments(path, release) if release in draft.tagged else []
        yield from judging.judged(here.entries, after, release, comments)


def _comments(path: Path, release: str) -> list[str]:
    """Return the comments that stand right below the header of a release."""
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = []
    with suppress(ValueError):
        at = lines.index(f'[releases."{release}"]') + 1
        while at < len(lines) and not lines[at].startswith("["):
            comments += [lines[at]] if lines[at].startswith("#") else []
            at += 1
    return comments


def _nothing(wheel: Found, files: Found, to: str | None) -> str:
    if to is not None:
        return f"nothing to add to {to}: all that there is of it is here"
    newest = ", ".join((*wheel.newest, *files.newest))
    return f"nothing newer than {newest}, and no wheel to add to these"
