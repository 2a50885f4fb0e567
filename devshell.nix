{
  mkShellNoCC,
  dtc,
  mypy,
  nixfmt-tree,
  patchelf,
  python3,
  qemu,
  ruff,
}:
mkShellNoCC {
  packages = [
    dtc
    mypy
    nixfmt-tree
    patchelf
    (python3.withPackages (import ./tests/python-packages.nix))
    qemu
    ruff
  ];
}
