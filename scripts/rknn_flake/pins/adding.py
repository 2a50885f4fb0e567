"""Add one more file to sources.toml, with its mirrors and witnesses."""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rknn_flake.atomic import check_writable
from rknn_flake.errors import RknnError
from rknn_flake.pins import draft_page, form, pypi, sdk_tags, sources, url_parts
from rknn_flake.pins.draft import Draft
from rknn_flake.pins.draft_hashes import Filled, filled
from rknn_flake.pins.filling import bar_of
from rknn_flake.pins.new_entry import Proposal, differing
from rknn_flake.pins.nix_prefetch import STORES, Prefetcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from rknn_flake.pins.entries import Entry


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `add` takes."""
    parser.add_argument("url", nargs="+", metavar="URL", help="mirrors of the same bytes")
    parser.add_argument("--release", metavar="R", help="the SDK's release, like 2.3.2")
    parser.add_argument("--component", metavar="C", help="what it is, like librknnrt")
    parser.add_argument("--arch", choices=form.ARCHES, help="what it is for")
    parser.add_argument("--python", type=_text(r"cp3\d+", "a CPython tag such as cp312"))
    for option, length, what in (
        ("--git-blob", 40, "its object id in the upstream git tree"),
        ("--upstream-md5", 32, "Rockchip's own md5 of it"),
        ("--pypi-md5", 32, "PyPI's md5 of it"),
        ("--pypi-sha256", 64, "PyPI's sha256 of it"),
    ):
        hexadecimal = _text(rf"[0-9a-fA-F]{{{length}}}", f"{length} hex digits")
        parser.add_argument(option, type=hexadecimal, metavar="X", help=what)
    parser.add_argument(
        "--record",
        action="append",
        default=[],
        metavar="TEXT",
        help="another project that pins the same sha256; may be repeated",
    )
    parser.add_argument(
        "--trust-on-first-use",
        action="store_true",
        help="take a file without a witness as it comes; sources.toml then says so",
    )
    parser.add_argument("--dry-run", action="store_true", help="show the change, don't make it")
    parser.add_argument(
        "--no-prefetch", action="store_true", help="fetch nothing; `prefetch` fills in the hash"
    )
    parser.add_argument("--json", action="store_true", help="what was added, for a machine")
    parser.add_argument(
        "--index", default=pypi.INDEX, metavar="URL", help="a package index, as in update"
    )
    parser.add_argument(
        "--repository", metavar="URL", help="the git repository, if not the one the URL names"
    )
    parser.add_argument(
        "--raw-base",
        default=sdk_tags.RAW,
        metavar="URL",
        help="one more host of raw files, as in update",
    )
    parser.add_argument(
        "--store", choices=STORES, default="auto", help="where Nix puts the file; as in prefetch"
    )


def run(options: argparse.Namespace) -> int:
    """Add the file, or show how; 1 where a mirror or a witness disagrees."""
    here = sources.read(options.file)
    if not options.dry_run:
        check_writable(options.file)
    before = options.file.read_bytes().decode()
    urls = tuple(dict.fromkeys(options.url))
    proposal = Proposal(here, options, [url_parts.read(url, options.raw_base) for url in urls])
    entry = proposal.entry()
    bar = bar_of(entry, trust=options.trust_on_first_use)
    if bar is not None:
        raise RknnError("; ".join((f"{entry.label}: {bar}", *proposal.notes)))
    result = Filled(Draft(added=(entry,)))
    if not options.no_prefetch:
        result = _fetched(entry, options)
    page = draft_page.Page(
        options.file, before, result, nothing="", notes=proposal.notes, option="leave out --dry-run"
    )
    written = page.writable and not options.dry_run
    if written:
        page.save()
    draft_page.show(page, as_json=options.json, to_stderr=False, written=written)
    return 1 if result.refused else 0


def _fetched(entry: Entry, options: argparse.Namespace) -> Filled:
    """Fetch every mirror; all have to send what the witnesses name, and the same."""
    prefetcher = Prefetcher(options.store)
    trust = options.trust_on_first_use
    results = {
        url: filled(
            Draft(added=(replace(entry, urls=(url,)),)), jobs=1, trust=trust, prefetcher=prefetcher
        )
        for url in entry.urls
    }
    wrong = [line for result in results.values() for line in (*result.refused, *result.missing)]
    hashes = {url: result.draft.added[0].hash or "" for url, result in results.items()}
    if not wrong and len(set(hashes.values())) > 1:
        wrong.append(differing("hash", hashes))
    made = replace(next(iter(results.values())).draft.added[0], urls=entry.urls)
    return Filled(Draft(added=(made,)), refused=tuple(wrong))


def _text(pattern: str, wanted: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise argparse.ArgumentTypeError(f"{text!r} is not {wanted}")
        return text

    return read
