"""rknn-pins: keeps pkgs/rknn/sources.toml, the file that pins what the packages download."""
