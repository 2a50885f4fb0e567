"""Write an image as `docker load` takes it: a layer a store path, one of other files, two JSONs.

docker-image.py NAME:TAG BASE-JSON CUSTOMISATION STORE-PATHS >ARCHIVE
"""

import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path

MTIME = 1
CREATED = "1970-01-01T00:00:01+00:00"
# Docker takes no more.
MOST_LAYERS = 100


def main(tag: str, base: str, customisation: str, closure: str) -> None:
    """Write the image's archive to stdout."""
    listed = Path(closure).read_text().split()
    paths = [Path(path) for path in listed if path not in (base, customisation)]
    alone, rest = paths[: MOST_LAYERS - 2], paths[MOST_LAYERS - 2 :]
    groups = [[path] for path in alone] + ([rest] if rest else [])
    layers = [(store_layer(group), [str(path) for path in group]) for group in groups]
    layers.append(((Path(customisation) / "layer.tar").read_bytes(), [customisation]))

    sums = [hashlib.sha256(layer).hexdigest() for layer, _ in layers]
    described = json.dumps(
        {
            **json.loads(Path(base).read_text()),
            "created": CREATED,
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{each}" for each in sums]},
            "history": [
                {"created": CREATED, "comment": f"store paths: {names}"} for _, names in layers
            ],
        }
    ).encode()
    config = f"{hashlib.sha256(described).hexdigest()}.json"
    names = [f"{each}/layer.tar" for each in sums]
    manifest = json.dumps([{"Config": config, "RepoTags": [tag], "Layers": names}]).encode()

    with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as archive:
        for name, (layer, _) in zip(names, layers, strict=True):
            add(archive, name, layer)
        add(archive, config, described)
        add(archive, "manifest.json", manifest)


def store_layer(paths: list[Path]) -> bytes:
    """Return a layer with the files below `paths`, and the folders that lead to them."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as archive:
        for folder in ("/nix", "/nix/store"):
            add_entry(archive, folder, tarfile.DIRTYPE, 0o755)
        for path in paths:
            below = path.rglob("*") if path.is_dir() and not path.is_symlink() else ()
            for entry in sorted([path, *below]):
                add_path(archive, entry)
    return layer.getvalue()


def add_path(archive: tarfile.TarFile, path: Path) -> None:
    """Add what is at a path of the store, as root's."""
    mode = path.lstat().st_mode & 0o7777
    if path.is_symlink():
        add_entry(archive, str(path), tarfile.SYMTYPE, 0o777, link=str(path.readlink()))
    elif path.is_dir():
        add_entry(archive, str(path), tarfile.DIRTYPE, mode)
    else:
        add_entry(archive, str(path), tarfile.REGTYPE, mode, path.read_bytes())


def add_entry(  # noqa: PLR0913  # they are what a header has
    archive: tarfile.TarFile,
    name: str,
    kind: bytes,
    mode: int,
    data: bytes = b"",
    *,
    link: str = "",
) -> None:
    """Add an entry that has nothing of this machine."""
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.linkname, entry.size = kind, mode, link, len(data)
    entry.mtime, entry.uname, entry.gname = MTIME, "root", "root"
    archive.addfile(entry, io.BytesIO(data))


def add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    """Add a file of the image's archive itself."""
    add_entry(archive, name, tarfile.REGTYPE, 0o644, data)


if __name__ == "__main__":
    main(*sys.argv[1:])
