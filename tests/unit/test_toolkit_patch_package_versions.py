"""pkg_resources.get_distribution is there for the toolkit, and setuptools' own where it is."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from toolkit_patches import package_versions

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["unit.toolkit_fixtures"]


def test_versions_are_told_without_setuptools(installed: Path) -> None:
    info = installed / "rknn_toolkit2-2.3.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: rknn-toolkit2\nVersion: 2.3.2\n")
    assert package_versions.apply() is True
    module = import_module("pkg_resources")
    assert module.get_distribution("rknn-toolkit2").version == "2.3.2"
    with pytest.raises(module.DistributionNotFound):
        module.get_distribution("nothing-of-this-name")


def test_what_it_has_not_is_an_attribute_error(installed: Path) -> None:
    del installed
    package_versions.apply()
    with pytest.raises(AttributeError, match="working_set"):
        _ = import_module("pkg_resources").working_set


def test_setuptools_own_is_left_alone(installed: Path) -> None:
    (installed / "pkg_resources.py").write_text("own = True\n")
    assert package_versions.apply() is False
    assert "pkg_resources" not in sys.modules
    assert import_module("pkg_resources").own is True
    assert package_versions.apply() is False
