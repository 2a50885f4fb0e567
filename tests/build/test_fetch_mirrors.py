"""Downloads: the next mirror is tried, the last failure names them all, a wrong hash is refused."""

from __future__ import annotations

import base64
import hashlib
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from expressions import pkgs_expression
from rknn_flake.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

NOBODY = "http://127.0.0.1:9/file"  # the discard port: nothing listens


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Serve one file, different each time so that no store has it yet, and return its URL."""
    (tmp_path / "file").write_text(f"from {tmp_path}\n")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}/file"
        http.shutdown()
        thread.join()


def sri(data: bytes) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(data).digest()).decode()}"


def fetch(digest: str, *urls: str) -> str:
    quoted = " ".join(f'"{url}"' for url in urls)
    return f'({pkgs_expression()}).fetchurl {{ urls = [ {quoted} ]; hash = "{digest}"; }}'


def test_the_next_mirror_is_tried(nix: Nix, server: str, tmp_path: Path) -> None:
    data = (tmp_path / "file").read_bytes()
    out = nix.build_expression(fetch(sri(data), NOBODY, server))["out"]
    assert nix.physical(out).read_bytes() == data


def test_the_last_failure_names_all_mirrors(nix: Nix, tmp_path: Path) -> None:
    other = f"{NOBODY}/{tmp_path.name}"
    with pytest.raises(CommandError) as caught:
        nix.build_expression(fetch(sri(str(tmp_path).encode()), NOBODY, other), "-L")
    assert f"from any mirror: {NOBODY} {other}" in str(caught.value)


def test_a_wrong_hash_is_refused_and_nothing_kept(nix: Nix, server: str, tmp_path: Path) -> None:
    wrong = sri(f"not {tmp_path}".encode())
    with pytest.raises(CommandError) as caught:
        nix.build_expression(fetch(wrong, server))
    assert "hash mismatch" in str(caught.value)
    assert wrong in str(caught.value)
    path = nix.eval_expression(f"({fetch(wrong, server)}).outPath")
    assert not nix.physical(str(path)).exists()
