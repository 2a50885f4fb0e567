"""A package `rknn`, with metadata, made of the stand-in for its api (convert_api.py)."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unit import convert_api
from unit.rknn_file import Model, rknn_bytes

VERSION = "2.3.2"


@dataclass(frozen=True)
class Toolkit:
    """The package in the folder `path`, which is for sys.path."""

    path: Path

    @property
    def api(self) -> Path:
        """The folder of the module, with what it writes down."""
        return self.path / "rknn" / "api"

    @property
    def was_used(self) -> bool:
        """Whether an export was asked for."""
        return (self.api / "calls.json").exists()

    @property
    def calls(self) -> dict[str, Any]:
        """What the last export's process had been called with."""
        found: dict[str, Any] = json.loads((self.api / "calls.json").read_text())
        return found

    def makes(self, model: Model) -> None:
        """Have export_rknn() write this."""
        (self.api / "made.rknn").write_bytes(rknn_bytes(model))

    def refuses_the_first_sample(self) -> None:
        """Have build() say that it is no image."""
        (self.api / "refuses").touch()


def toolkit(path: Path) -> Toolkit:
    """Write the package into the folder."""
    made = Toolkit(path)
    made.api.mkdir(parents=True)
    (made.api.parent / "__init__.py").touch()
    shutil.copyfile(Path(convert_api.__file__), made.api / "__init__.py")
    made.makes(Model())
    metadata = path / f"rknn_toolkit2-{VERSION}.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text(f"Metadata-Version: 2.1\nName: rknn-toolkit2\nVersion: {VERSION}\n")
    return made
