"""Which nodes the CDI spec gives to containers with its device "all"."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rknn_cdi.cores import KIND

if TYPE_CHECKING:
    from pathlib import Path

WRITER = "`systemctl status rknn-cdi` says why"


class UnusableError(Exception):
    """The spec can't be used; the text is a sentence."""


def nodes(path: Path) -> frozenset[str]:
    """Return the paths that the nodes have on this machine; raise UnusableError."""
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise UnusableError(f"no CDI spec {path} ({WRITER})") from error
    except OSError as error:
        raise UnusableError(f"the CDI spec {path} can't be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UnusableError(f"the CDI spec {path} is no JSON: write it anew") from error
    kind = _dict(document).get("kind")
    if kind != KIND:
        raise UnusableError(f"the CDI spec {path} is of kind {kind!r}, not {KIND}")
    devices = {
        str(_dict(one).get("name")): _dict(one) for one in _list(_dict(document).get("devices"))
    }
    if "all" not in devices:
        raise UnusableError(f'the CDI spec {path} has no device "all": write it with rknn-cdi')
    return frozenset((*_nodes(document), *_nodes(devices["all"])))


def _nodes(holder: object) -> list[str]:
    edits = _dict(_dict(holder).get("containerEdits"))
    nodes = [_dict(one) for one in _list(edits.get("deviceNodes"))]
    return [str(one.get("hostPath") or one.get("path")) for one in nodes]


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
