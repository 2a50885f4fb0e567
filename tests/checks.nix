# The flake's checks on one system: each of its packages, each built again and compared, the
# tests that run in the sandbox, and those in VMs.
{
  lib,
  pkgs,
  boardPkgs,
  packages,
}:
let
  onBoard = pkgs.stdenv.hostPlatform.system == boardPkgs.stdenv.hostPlatform.system;
  # Cross-building a Python and its packages takes hours, and no cache has it: what holds one is checked on the board's system.
  # So does building onnxruntime, OpenCV and torch for a Python that the cache no longer has; tests/eval looks at the converter.
  checked = removeAttrs packages (
    [
      "rknn-convert"
      "rknn-toolkit"
    ]
    ++ lib.optionals (!onBoard) [
      "rknn"
      "rknn-oci-image"
      "rknn-toolkit-lite"
      "rknn-tools"
    ]
  );
  simulated = lib.optionalAttrs onBoard {
    toolkit-lite-simulated = pkgs.rknn.simulated.toolkit-lite;
  };
  # rknn-tools is links to it, so building that again would not build it.
  linked = { inherit (boardPkgs.rknn) benchmark; };
  twice = pkgs.callPackage ./twice.nix { };
  vm = import ./nixos { inherit lib pkgs; };
in
lib.mapAttrs' (name: lib.nameValuePair "package-${name}") checked
// lib.mapAttrs' (name: package: lib.nameValuePair "twice-${name}" (twice package)) (
  checked // linked // simulated
)
// lib.mapAttrs' (name: lib.nameValuePair "vm-${name}") vm
// simulated
// {
  cdi-spec = pkgs.rknn.validateCdi (
    pkgs.runCommand "rockchip.com-npu.json" { } ''
      printf 'rockchip,rk3588\0' >compatible
      ${lib.getExe pkgs.rknn.cdi} static --soc=rk3588 --gid=303 --soc-copy="$PWD/compatible" --output="$PWD/npu.json"
      mv npu.json $out
    ''
  );
  pkg-config = packages.rknn-runtime.tests.pkg-config;
  formatting = pkgs.callPackage ./formatting.nix { };
  unit = pkgs.callPackage ./unit.nix { };
}
