"""The demo's account: what was built, where it ran, and why the vendor's library is not here."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, cast

import pytest
from rich.console import Console

from rknn_convert.container import Model
from rknn_flake import demo, hostsetup
from rknn_flake.errors import CommandError
from rknn_flake.nix import Nix

if TYPE_CHECKING:
    from pathlib import Path

URLS = "https://one.example/librknnrt.so https://two.example/librknnrt.so"


class FakeNix:
    """Stands for Nix: `build` fails with `said`, or gives a path where it is empty."""

    def __init__(self, said: str = "") -> None:
        self.said = said

    def build(self, _attr: str, *_options: str) -> dict[str, str]:
        """Fail or give the one path."""
        if self.said:
            raise CommandError(self.said)
        return {"out": "/nix/store/x-rknn-runtime-2.3.2"}

    def path_size(self, *_paths: str) -> int:
        """Return the bytes of a closure."""
        return 8_000_000


def vendor(said: str = "") -> str:
    return demo.vendor_runtime(cast("Nix", FakeNix(said)))


def test_unreachable_mirrors_are_named_in_one_line() -> None:
    told = vendor(
        f"nix: status 1\n  > error: cannot download librknnrt.so from any mirror: {URLS}\n"
    )
    assert told == f"not built, could not be fetched: librknnrt.so from {URLS}"


def test_mirror_that_never_answers_is_given_up() -> None:
    told = vendor("nix build: exit status 1\n  error: building x.drv timed out after 30 seconds")
    assert told == "not built, could not be fetched: no answer in 30 s"


def test_fetched_library_is_shown_with_its_size() -> None:
    assert vendor() == "/nix/store/x-rknn-runtime-2.3.2  closure 8.0 MB"


def test_any_other_failure_of_the_build_is_a_failure_of_the_demo() -> None:
    with pytest.raises(CommandError, match="hash mismatch"):
        vendor("nix build: exit status 102\n  error: hash mismatch in librknnrt.so.drv")


def test_account_has_one_line_for_each_thing(capsys: pytest.CaptureFixture[str]) -> None:
    environment = "/nix/store/a-python3-env"
    built = demo.Built(
        environment, (environment,), {environment: 41_250_000}, {"w": 600_000, "n": 400_000}
    )
    told = {
        "library": ["/nix/store/b/librknnrt.so"],
        "versions": "==\nRKNN VERSION:\n  API: 2.3.2 (x)\n  DRV: 0.9.8\n==",
        "outputs": [[[1, 8, 1, 1], "float32"]],
    }
    ran = demo.Ran(3.25, "Orange Pi 5 Plus\nxunlong rockchip,rk3588", told)
    demo.account(built, "not built", Model(31591, 6, ("rk3588",), "2.3.2", (), ()), ran)
    assert capsys.readouterr().out.splitlines() == [
        "built with Nix    /nix/store/a-python3-env  closure 41.2 MB",
        "fetched           1.0 MB (1000000 bytes) in 2 files",
        "vendor's runtime  not built",
        "board             Orange Pi 5 Plus (xunlong rockchip,rk3588), booted in 3.2 s",
        "model             conv-rk3588.rknn for rk3588, by rknn-toolkit2 2.3.2",
        "library opened    /nix/store/b/librknnrt.so",
        "versions          API: 2.3.2 (x), DRV: 0.9.8",
        "output            shape [1, 8, 1, 1] of float32",
    ]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Have the demo write to a terminal, whose text this returns."""
    text = io.StringIO()
    monkeypatch.setattr(demo, "out", Console(file=text, force_terminal=True, highlight=False))
    return text


def test_nothing_is_drawn_while_sudo_may_ask_for_a_password(
    terminal: io.StringIO, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    drawn: list[str] = []
    monkeypatch.setenv("RKNN_FLAKE_CACHE", str(tmp_path))
    monkeypatch.setattr(hostsetup, "check_disk", lambda: None)
    monkeypatch.setattr(hostsetup, "ensure", lambda _: drawn.append(terminal.getvalue()))

    def stop(_: type[Nix]) -> Nix:
        raise CommandError("far enough")

    monkeypatch.setattr(Nix, "private", classmethod(stop))
    assert demo.main([]) == 1
    assert drawn == [""]
    assert terminal.getvalue() == "setting up this machine: 0.0 s\n"
    assert not (tmp_path / hostsetup.FINISHED).exists(), "a failed run counts as finished"


def test_other_steps_show_a_spinner(terminal: io.StringIO) -> None:
    with demo.step("working"):
        drawn = terminal.getvalue()
    hide_cursor = "\x1b[?25l"
    assert drawn.startswith(hide_cursor), drawn
    assert "working" in terminal.getvalue()


def test_unknown_argument_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        demo.main(["--nonsense"])
    assert ended.value.code == 2
    assert "unrecognized arguments: --nonsense" in capsys.readouterr().err
