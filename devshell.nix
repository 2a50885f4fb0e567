{
  mkShell,
  dtc,
  git,
  mypy,
  nixfmt,
  nixfmt-tree,
  patchelf,
  python3,
  qemu,
  ruff,
  shellcheck,
}:
mkShell {
  packages = [
    dtc
    git
    mypy
    nixfmt
    nixfmt-tree
    patchelf
    (python3.withPackages (import ./tests/python-packages.nix))
    qemu
    ruff
    shellcheck
  ];
}
