"""A package index by the simple API: what is taken from it, and what is said to be left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from packaging.version import Version

from rknn_flake.errors import BadFileError, RknnError
from rknn_flake.pins import pypi
from rknn_flake.pins.client import Client

if TYPE_CHECKING:
    from unit.loopback import Server

NAME = "rknn-toolkit-lite2"
WHEEL = "rknn_toolkit_lite2-2.3.2-cp312-cp312-manylinux_2_17_aarch64.manylinux2014_aarch64.whl"
PLACE = f"/simple/{NAME}/"
GOOD = {"filename": WHEEL, "url": f"/files/{WHEEL}#x=1", "size": 7, "hashes": {"sha256": "a" * 64}}


def asked(server: Server, *files: Any) -> pypi.Project:  # noqa: ANN401
    server.route(PLACE, json.dumps({"files": files}).encode())
    return pypi.project(Client(tries=1), f"{server.url}/simple", NAME)


def test_a_wheel_is_taken_with_what_the_index_says(server: Server) -> None:
    project = asked(server, GOOD)
    assert not project.left_out
    entry = project.files[0].entry("2.3.2")
    assert (entry.component, entry.arch, entry.python) == (NAME, "aarch64", "cp312")
    assert (entry.urls, entry.size) == ((f"{server.url}/files/{WHEEL}",), 7)
    assert entry.digests == {"pypi-sha256": "a" * 64}


def test_json_is_asked_for(server: Server) -> None:
    asked(server, GOOD)
    accepted = [hit.headers["accept"] for hit in server.hits(PLACE)]
    assert accepted == ["application/vnd.pypi.simple.v1+json"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"hashes": {}}, "no sha256"),
        ({"hashes": {"sha256": "A" * 64}}, "no sha256"),
        ({"hashes": {"md5": "a" * 32}}, "no sha256"),
        ({"filename": "rknn-toolkit-lite2-2.3.2.tar.gz"}, "no wheel's file name"),
        ({"filename": WHEEL.replace("lite2", "other")}, "stands on the page of"),
        ({"filename": WHEEL.replace("aarch64", "riscv64")}, "none of the architectures"),
        ({"filename": WHEEL.replace("cp312", "py3")}, "not for one CPython 3"),
        ({"filename": None}, "without name or URL"),
        ({"url": 3}, "without name or URL"),
        ({"url": "https://["}, "is no URL"),
        ({"url": "file:///etc/passwd"}, "is no https URL"),
        ({"url": f"/files/{WHEEL}?x=1"}, "is the URL of something else"),
        ({"url": "/files/other.whl"}, "is the URL of something else"),
    ],
)
def test_a_file_that_can_not_be_pinned_is_left_out(
    server: Server, change: dict[str, Any], told: str
) -> None:
    project = asked(server, GOOD, GOOD | change)
    assert len(project.files) == 1
    assert len(project.left_out) == 1
    assert told in project.left_out[0].why, project.left_out


@pytest.mark.parametrize(
    ("name", "version"),
    [
        (WHEEL.replace("aarch64", "riscv64"), Version("2.3.2")),
        ("rknn_toolkit_lite2-2.6.0.tar.gz", Version("2.6.0")),
        ("rknn-toolkit-lite2-2.6.0rc1.zip", Version("2.6.0rc1")),
        ("rknn_toolkit_lite2-2.6.0.post1-1-cp312-cp312-x.whl", Version("2.6.0.post1")),
        ("rknn.whl", None),
        (None, None),
    ],
)
def test_what_is_left_out_has_the_version_of_its_name(
    server: Server, name: str | None, version: Version | None
) -> None:
    (left,) = asked(server, GOOD | {"filename": name}).left_out
    assert left.version == version


@pytest.mark.parametrize("size", [None, "7", -7, 0])
def test_a_size_that_makes_no_sense_is_none(server: Server, size: object) -> None:
    assert asked(server, GOOD | {"size": size}).files[0].size is None


@pytest.mark.parametrize(
    ("yanked", "reason"),
    [(False, None), (None, None), (True, "no reason given"), ("it is broken", "it is broken")],
)
def test_a_yanked_file_is_no_version(server: Server, yanked: object, reason: str | None) -> None:
    project = asked(server, GOOD | {"yanked": yanked})
    assert project.files[0].yanked == reason
    assert len(project.versions) == (reason is None)


def test_an_address_relative_to_the_page(server: Server) -> None:
    url = asked(server, GOOD | {"url": f"../../files/{WHEEL}"}).files[0].url
    assert url == f"{server.url}/files/{WHEEL}"


def test_the_indexs_password_is_in_no_address(server: Server) -> None:
    server.route(PLACE, json.dumps({"files": [GOOD]}).encode())
    index = server.url.replace("://", "://me:secret@")
    project = pypi.project(Client(tries=1), f"{index}/simple", NAME)
    assert project.files[0].url == f"{server.url}/files/{WHEEL}"


@pytest.mark.parametrize(
    ("host", "taken"), [("https://files.pythonhosted.org", 1), ("https://evil.example", 0)]
)
def test_pypi_sends_nobody_to_another_host(host: str, taken: int) -> None:
    class Index(Client):
        def text(self, url: str, accept: str | None = None) -> str:
            assert (url, accept) == (f"{pypi.INDEX}/{NAME}/", pypi.ACCEPT)
            return json.dumps({"files": [GOOD | {"url": f"{host}/x/{WHEEL}"}]})

    project = pypi.project(Index(), pypi.INDEX, NAME)
    assert len(project.files) == taken
    assert len(project.left_out) == 1 - taken


@pytest.mark.parametrize("page", [b"<html>", b"<!DOCTYPE html>", b"", b"[]", b'{"files": 1}'])
def test_what_is_no_index(server: Server, page: bytes) -> None:
    server.route(PLACE, page)
    with pytest.raises(BadFileError, match=PLACE):
        pypi.project(Client(tries=1), f"{server.url}/simple", NAME)


def test_no_such_project(server: Server) -> None:
    with pytest.raises(RknnError, match="404"):
        pypi.project(Client(tries=1), f"{server.url}/simple", NAME)
