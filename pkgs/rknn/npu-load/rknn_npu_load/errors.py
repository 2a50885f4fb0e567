"""What can be expected to go wrong; each message says what was found and what to do."""

from __future__ import annotations


class NpuLoadError(Exception):
    """Base of every expected failure: one line, exit status 1."""


class NoDriverError(NpuLoadError):
    """There is no rknpu driver, or it shows its load nowhere."""


class NoPermissionError(NpuLoadError):
    """The driver shows its load, but not to this user."""


class FormatError(NpuLoadError):
    """A file of the driver does not say what this program knows."""
