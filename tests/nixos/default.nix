# NixOS VM tests: each file of this folder is one, for the systems that its meta.platforms names.
{ lib, pkgs }:
let
  files = lib.filterAttrs (
    name: type: type == "regular" && lib.hasSuffix ".nix" name && name != "default.nix"
  ) (builtins.readDir ./.);
  test =
    file: _:
    let
      name = lib.removeSuffix ".nix" file;
    in
    lib.nameValuePair name (
      pkgs.testers.runNixOSTest {
        imports = [ (./. + "/${file}") ];
        name = "rknn-${name}";
        # On every machine, on or off.
        defaults.imports = [ ../../modules/rknn.nix ];
      }
    );
in
lib.filterAttrs (_: lib.meta.availableOn pkgs.stdenv.hostPlatform) (lib.mapAttrs' test files)
