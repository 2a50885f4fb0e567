"""CDI's own parser and schema for tests, where Debian's packages can be fetched."""

from __future__ import annotations

import pytest

from cdi_engine import Engine, engine
from rknn_flake.errors import MissingToolError


@pytest.fixture(scope="session", name="engine")
def built() -> Engine:
    """Return what engines do with specs."""
    try:
        return engine()
    except MissingToolError as error:
        pytest.skip(str(error))
