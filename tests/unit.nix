# The unit tests in the sandbox, for `nix flake check`.
{
  runCommand,
  python3,
  stdenv,
}:
runCommand "rknn-unit-tests"
  {
    nativeBuildInputs = [
      stdenv.cc
      (python3.withPackages (import ./python-packages.nix))
    ];
    src = ./..;
  }
  ''
    cp -r $src tree && chmod -R u+w tree && cd tree
    # One test links a library with an RPATH outside the store, which nixpkgs' linker would drop.
    export NIX_ENFORCE_PURITY=0
    python3 -m pytest -p no:cacheprovider -m "not network" tests/unit
    touch $out
  ''
