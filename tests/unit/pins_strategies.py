"""Random entries of sources.toml, and words that choose among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from unit.pins_fixtures import entry

if TYPE_CHECKING:
    from rknn_flake.pins.entries import Entry

RELEASES = ("2.5.0", "2.3.2", "2.3.0", "2.10.0", "2.0.0-beta0", "1.6.0.post1")
COMPONENTS = ("librknnrt", "rknn-toolkit-lite2", "rknn_api.h")
ARCHES = ("any", "aarch64", "armhf")
PYTHONS = ("cp36", "cp39", "cp310", "cp312")
URLS = ("https://files.pythonhosted.org/a", "https://github.com/a", "https://example.org/a")

VALUES = {
    "release": RELEASES,
    "component": COMPONENTS,
    "arch": ARCHES,
    "python": PYTHONS,
    "name": ("librknnrt.so", "rknn_api.h", "a.whl"),
    "source": ("pypi", "github", "example.org"),
    "state": ("pinned", "missing", "disputed"),
    "witnesses": ("0", "1", "2", "3"),
}


def entries() -> st.SearchStrategy[Entry]:
    """Entries that differ in all that can be chosen by."""
    text = st.none() | st.just("a")
    return st.builds(
        entry,
        release=st.sampled_from(RELEASES),
        component=st.sampled_from(COMPONENTS),
        arch=st.sampled_from(ARCHES),
        python=st.none() | st.sampled_from(PYTHONS),
        name=st.sampled_from(VALUES["name"]),
        urls=st.sampled_from(URLS).map(lambda url: (url,)),
        hash=text,
        git_blob=text,
        pypi_md5=text,
        records=st.sampled_from([(), ("a",), ("a", "b")]),
        disputes=st.sampled_from([(), (), ("a",)]),
    )
