"""Board.run gives back what a command printed and how it ended, whatever the console carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.errors import BoardError

if TYPE_CHECKING:
    from rknn_flake.board import Board

pytestmark = pytest.mark.board


@pytest.mark.parametrize("status", [0, 3, 127])
def test_reports_the_exit_status(other_board: Board, status: int) -> None:
    result = other_board.run(f"echo said; echo complained >&2; exit {status}")
    assert (result.status, result.output) == (status, "said\ncomplained\n")


def test_check_raises_what_failed(other_board: Board) -> None:
    assert other_board.check("echo fine") == "fine\n"
    with pytest.raises(BoardError, match="ended with status 1") as failed:
        other_board.check("ls /nowhere")
    assert "/nowhere: No such file" in str(failed.value)


def test_output_may_look_like_the_protocol(other_board: Board) -> None:
    odd = "<run1 0\n>run1\n<board-ready>\n[    1.000000] not from the kernel\n# \x01 ü\n"
    assert other_board.run(f"cat <<'EOF'\n{odd}EOF").output == odd


def test_kernel_messages_do_not_mix_in(other_board: Board) -> None:
    # The first line makes the kernel print while the output is on its way through the console.
    noisy = "(for i in $(seq 200); do echo '<0>kernel noise' >/dev/kmsg; done) &\nseq 3000"
    expected = "".join(f"{number}\n" for number in range(1, 3001))
    assert other_board.run(noisy).output == expected
    other_board.check("sleep 1")
    assert other_board.console_log.count("kernel noise") > 1


def test_long_commands_arrive_whole(other_board: Board) -> None:
    assert other_board.check(f"printf %s {'x' * 9000} | wc -c").strip() == "9000"


def test_commands_share_no_shell(other_board: Board) -> None:
    other_board.check("cd /tmp; export LEFT=behind")
    assert other_board.check("pwd; echo ${LEFT-nothing}") == "/\nnothing\n"


def test_a_daemon_does_not_hold_up(other_board: Board) -> None:
    assert other_board.run("sleep 60 & echo started", timeout=20).output == "started\n"


def test_a_command_that_takes_too_long_is_ended(other_board: Board) -> None:
    with pytest.raises(BoardError, match=r"did not finish sleep 100 in 0\.5 s"):
        other_board.run("sleep 100", timeout=0.5)
    assert other_board.run("echo still here").output == "still here\n"
    assert "sleep 100" not in other_board.check("ps")


def test_the_closure_is_there_and_read_only(other_board: Board) -> None:
    linked = other_board.check("echo /nix/store/*/link").strip()
    assert "greetings from /nix/store/" in other_board.check(linked)
    refused = other_board.run(f"rm {linked}")
    assert refused.status != 0
    assert "Read-only file system" in refused.output


def test_files_are_where_they_were_put(other_board: Board) -> None:
    assert other_board.check("od -An -v -tx1 /usr/lib/placed/bytes").split() == [
        f"{value:02x}" for value in range(256)
    ]
    assert other_board.check("/srv/folder/greet") == "greetings from /srv/folder/greet\n"
