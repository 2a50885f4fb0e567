# `import nixpkgs { system = …; config = …; overlays = …; }` without nixpkgs: compilers, patchelf, python and curl are the
# ones in /usr/bin, which the sandbox lets builds see. Names, call signatures and phase order are nixpkgs'.
{
  system ? localSystem.system,
  localSystem ? {
    inherit system;
  },
  crossSystem ? null,
  config ? { },
  overlays ? [ ],
}@args:
let
  lib = import ./lib;
  buildPlatform = lib.systems.elaborate system;
  hostPlatform = if crossSystem == null then buildPlatform else lib.systems.elaborate crossSystem;
  again = new: import ./. ({ inherit system config overlays; } // new);

  base =
    pkgs:
    {
      inherit lib pkgs config;
      buildPackages = if crossSystem == null then pkgs else again { };
      pkgsCross.aarch64-multiplatform = again { crossSystem = "aarch64-linux"; };

      callPackage = lib.callPackageWith pkgs;
      newScope = extra: lib.callPackageWith (pkgs // extra);
      extend = overlay: again { overlays = overlays ++ [ overlay ]; };

      stdenv = pkgs.callPackage ./stdenv.nix { inherit buildPlatform hostPlatform config; };
      stdenvNoCC = pkgs.stdenv.override { withCC = false; };
      fetchurl = pkgs.callPackage ./fetchurl.nix { };
    }
    // import ./trivial.nix { inherit lib pkgs; }
    // import ./python.nix { inherit lib pkgs; };
in
lib.fix (lib.extends (lib.composeManyExtensions overlays) base)
