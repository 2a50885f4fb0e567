{
  mkShell,
  dtc,
  git,
  mypy,
  nixfmt,
  nixfmt-tree,
  openssl,
  patchelf,
  python3,
  qemu,
  ruff,
  shellcheck,
  strace,
}:
mkShell {
  packages = [
    dtc
    git
    mypy
    nixfmt
    nixfmt-tree
    openssl
    patchelf
    (python3.withPackages (import ./tests/python-packages.nix))
    qemu
    ruff
    shellcheck
    strace
  ];
}
