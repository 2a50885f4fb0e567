"""Why Nix failed: one line, and below it only what says more."""

from __future__ import annotations

import pytest

from rknn_flake.nix import reason, rest
from rknn_flake.process import Completed

REPLACED = """\
warning: not writing modified lock file of flake 'git+file:///p':
• Updated input 'nixpkgs':
    'github:NixOS/nixpkgs/5880' (2026-11-20)
  → 'path:/p?narHash=sha256-Abu%2fE=' (2026-11-22)
"""
SHOW = "(use '--show-trace' to show detailed location information)\n"


def failed(stderr: str) -> Completed:
    return Completed(("/usr/bin/nix", "eval"), 1, "", stderr)


@pytest.mark.parametrize(
    "stderr",
    [
        f"{REPLACED}error: no luck\n{SHOW}",
        "warning: error: no luck; retrying in 325 ms\nerror: no luck\n",
        "error:\n\n       error: no luck\n",
        "\x1b[31;1merror:\x1b[0m no luck\n",
        "no luck\n",
    ],
    ids=["replaced input", "retries", "newer Nix", "coloured", "no heading"],
)
def test_what_says_no_more_is_left_out(stderr: str) -> None:
    assert (reason(failed(stderr)), rest(failed(stderr))) == ("no luck", "")


def test_the_place_in_the_source_stays() -> None:
    done = failed(f"error: no luck\n\n       at /p/flake.nix:3:130:\n\n{SHOW}")
    assert rest(done) == "\n         at /p/flake.nix:3:130:"


def test_a_warning_that_may_be_the_reason_stays() -> None:
    flag = "warning: the flag '--override-input nosuch path:/p' does not match any input"
    assert rest(failed(f"{flag}\nerror: no luck\n")) == f"\n  {flag}"


def test_the_end_of_a_builds_log_stays() -> None:
    done = failed("checking a\ncurl: no host\nerror: builder for 'x.drv' failed\n")
    assert reason(done) == "builder for 'x.drv' failed"
    assert rest(done) == "\n  checking a\n  curl: no host"


def test_silence() -> None:
    assert (reason(failed("")), rest(failed(""))) == ("nix ended with status 1", "")
