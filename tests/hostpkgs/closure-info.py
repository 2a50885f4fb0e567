"""Write what nixpkgs' closureInfo has of a closure: the builder of that derivation."""

import json
import os
from pathlib import Path

# Nix 2.8 names it by its path outside the sandbox: "No such file or directory".
attributes = json.loads((Path(os.environ["NIX_BUILD_TOP"]) / ".attrs.json").read_text())
out = Path(attributes["outputs"]["out"])
closure = attributes.get("closure", [])
registration = [
    line
    for path in closure
    for line in (
        path["path"],
        path["narHash"],
        path["narSize"],
        "",
        len(path["references"]),
        *path["references"],
    )
]
out.mkdir()
(out / "total-nar-size").write_text(f"{sum(path['narSize'] for path in closure)}\n")
(out / "registration").write_text("".join(f"{line}\n" for line in registration))
(out / "store-paths").write_text("".join(f"{path['path']}\n" for path in closure))
