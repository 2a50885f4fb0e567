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
    (python3.withPackages (ps: [
      ps.hypothesis
      ps.pexpect
      ps.pyelftools
      ps.pytest
      ps.rich
      ps.tomlkit
    ]))
    qemu
    ruff
  ];
}
