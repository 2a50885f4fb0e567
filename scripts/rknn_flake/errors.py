"""The one family of exceptions: each message says what was found, where, and what to do."""

from __future__ import annotations


class RknnError(Exception):
    """Base of every expected failure; `main` prints it as one line and exits with `exit_status`."""

    exit_status = 1


class UsageError(RknnError):
    """Wrong arguments or an option that does not fit the others."""

    exit_status = 2


class MissingToolError(RknnError):
    """A program or package that the work needs is not on this machine."""


class CommandError(RknnError):
    """A subprocess ended with a status other than zero."""


class BadFileError(RknnError):
    """A file is not what it should be: wrong hash, truncated, foreign."""


class BoardError(RknnError):
    """The emulated board did not boot, or did not answer in time."""
