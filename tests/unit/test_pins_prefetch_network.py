"""Each way in which the network fails has its line, and sources.toml stays as it is."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from unit import pins_fixtures
from unit.prefetch_files import body

if TYPE_CHECKING:
    from unit.prefetch_fixtures import Fetching, Tried

pytest_plugins = ["unit.prefetch_fixtures"]
pytestmark = [pytest.mark.nix, pytest.mark.usefixtures("real_nix")]

# Nix gives up at once where a server does not say so.
RESUMABLE = {"Accept-Ranges": "bytes"}
HEAD = "part0 2.3.2 (aarch64): "


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_host_that_does_not_answer(tried: Tried) -> None:
    url = f"http://127.0.0.1:{closed_port()}/part0.so"
    first, second = tried(urls=(url,))
    why = "no mirror gave it; check the network and the URLs, and run it again"
    assert first == f"failed   {HEAD}{why}"
    assert second.startswith(f"  {url}: Couldn't connect to server"), second


def test_redirect_loop(fetching: Fetching, tried: Tried) -> None:
    url = fetching.server.route("/loop", redirect="/loop")
    _, line = tried(urls=(url,))
    assert line.startswith(f"  {url}: "), line
    assert "redirect" in line
    assert len(fetching.server.hits("/loop")) < 100


def test_redirect_that_ends(fetching: Fetching) -> None:
    file = fetching.file(0)
    url = fetching.server.route("/moved", redirect="/part0.so")
    pins_fixtures.write(fetching.path, [fetching.file(0, urls=(url,))])
    assert fetching.run().status == 0
    assert len(fetching.server.hits(file.urls[0].removeprefix(fetching.server.url))) == 1


def test_content_length_above_the_truth(fetching: Fetching, tried: Tried) -> None:
    first, line = tried(faults={"length": 5000})
    assert first.startswith(f"failed   {HEAD}")
    assert line.startswith(f"  {fetching.server.url}/part0.so: "), line
    assert "Transferred a partial file" in line or "transfer closed" in line, line


def test_content_length_below_the_truth(tried: Tried) -> None:
    first, line, difference = tried(faults={"length": 10})
    assert first.startswith(f"refused  {HEAD}")
    assert line.endswith(": found 10 bytes")
    assert difference == (
        f"    git-blob: found {pins_fixtures.blob(body(0)[:10])}, "
        f"expected {pins_fixtures.blob(body(0))}"
    )


def test_page_that_is_not_there(fetching: Fetching, tried: Tried) -> None:
    url = f"{fetching.server.url}/gone"
    assert tried(urls=(url,))[1] == f"  {url}: HTTP error 404 ('Not Found')"


def test_server_that_is_busy_at_first(fetching: Fetching) -> None:
    pins_fixtures.write(fetching.path, [fetching.file(0, faults={"fails": 1})])
    assert fetching.run().status == 0
    assert len(fetching.server.hits("/part0.so")) == 2


def test_transfer_that_breaks_once(fetching: Fetching) -> None:
    pins_fixtures.write(
        fetching.path, [fetching.file(0, faults={"cut": 100, "headers": RESUMABLE})]
    )
    assert fetching.run().status == 0
    assert [hit.range for hit in fetching.server.hits("/part0.so")] == [None, "bytes=100-"]
