"""What can be expected to go wrong; each message says what was found, where, and what to do."""

from __future__ import annotations


class ConvertError(Exception):
    """Base of every expected failure: one line, and `exit_status`."""

    exit_status = 1


class UsageError(ConvertError):
    """Wrong arguments, or an option that does not fit the others."""

    exit_status = 2
