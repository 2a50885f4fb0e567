# The unit tests in the sandbox, for `nix flake check`.
{
  runCommand,
  git,
  nix,
  openssl,
  python3,
  stdenv,
}:
runCommand "rknn-unit-tests"
  {
    nativeBuildInputs = [
      git
      nix
      openssl
      stdenv.cc
      (python3.withPackages (import ./python-packages.nix))
    ];
    src = ./..;
  }
  ''
    cp -r $src tree && chmod -R u+w tree && cd tree
    # One test links a library with an RPATH outside the store, which nixpkgs' linker would drop.
    export NIX_ENFORCE_PURITY=0
    # Debian's has its settings in /etc, which the sandbox does not show: "Can't open openssl.cnf".
    export OPENSSL_CONF=/dev/null
    python3 -m pytest -p no:cacheprovider -m "not network" tests/unit
    touch $out
  ''
