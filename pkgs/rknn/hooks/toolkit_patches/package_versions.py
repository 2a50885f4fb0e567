"""setuptools 82 and later, or none: "ModuleNotFoundError: No module named 'pkg_resources'"."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import Distribution

NAME = "pkg_resources"


def apply() -> bool:
    """Provide pkg_resources.get_distribution(name).version, which is what the toolkit uses."""
    if NAME in sys.modules or find_spec(NAME) is not None:
        return False
    module = ModuleType(NAME, __doc__)

    def get_distribution(name: str) -> Distribution:
        """Return a distribution, which has a version; DistributionNotFound where there is none."""
        return distribution(name)

    module.__dict__.update(
        get_distribution=get_distribution, DistributionNotFound=PackageNotFoundError
    )
    sys.modules[NAME] = module
    return True
