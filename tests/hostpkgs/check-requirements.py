"""Hold what wheels require against what is there, as nixpkgs' python-runtime-deps-check-hook does.

python3 check-requirements.py WHEEL FOLDER...
"""

from __future__ import annotations

import sys
import zipfile
from email import message_from_bytes
from importlib.metadata import distributions

from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name

# nixpkgs has a package of this name that is nothing but OpenCV by another.
ALSO = {"opencv-python-headless": "opencv-python"}


def main(argv: list[str]) -> int:
    """Return 1, and say why, where something is missing or of another version."""
    wheel, *folders = argv
    found = {str(canonicalize_name(one.name)): one.version for one in distributions(path=folders)}
    found |= {ALSO[name]: version for name, version in found.items() if name in ALSO}
    with zipfile.ZipFile(wheel) as archive:
        [metadata] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        lines = message_from_bytes(archive.read(metadata)).get_all("Requires-Dist", [])
    faults = []
    for line in lines:
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        version = found.get(str(canonicalize_name(requirement.name)))
        if version is None:
            faults.append(f"{requirement.name} not installed")
        elif not requirement.specifier.contains(version, prereleases=True):
            faults.append(f"{requirement} not satisfied by version {version}")
    for fault in faults:
        sys.stderr.write(f"  - {fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
