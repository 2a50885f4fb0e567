"""Processes that tests look at from outside."""

from __future__ import annotations

from pathlib import Path


def is_running(pid: int) -> bool:
    """Say whether the process goes on; a dead one that its parent has not asked about does not.

    In a container the first process may be one that never asks.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
