{
  description = "Rockchip's NPU on NixOS: the RKNN runtime, Python binding and tools for RK3588 boards";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      forAllSystems = lib.genAttrs [
        "aarch64-linux"
        "x86_64-linux"
      ];
      pkgsFor = forAllSystems (
        system:
        import nixpkgs {
          inherit system;
          # Rockchip's files are unfree; these packages are what somebody who asks for this flake's outputs asked for.
          config.allowUnfreePredicate = pkg: lib.hasPrefix "rknn" (lib.getName pkg);
          overlays = [ self.overlays.default ];
        }
      );
      # The NPU is in arm64 boards only; a workstation cross-builds for them.
      boardPkgsFor = forAllSystems (
        system:
        if system == "aarch64-linux" then
          pkgsFor.${system}
        else
          pkgsFor.${system}.pkgsCross.aarch64-multiplatform
      );
    in
    {
      overlays.default = import ./overlays;

      # Everything, by nixpkgs' names: rknn (the scope), python3XXPackages.rknn-toolkit-lite2, pkgsCross.…
      legacyPackages = pkgsFor;

      packages = forAllSystems (system: {
        inherit (boardPkgsFor.${system})
          rknn-runtime
          rknn-toolkit-lite
          rknn-tools
          ;
        inherit (pkgsFor.${system}) rknn-npu-load rknn-simulator;
        rknn = boardPkgsFor.${system}.rknn.all;
        rknn-maintenance = pkgsFor.${system}.rknn.maintenance;
        default = self.packages.${system}.rknn;
      });

      # nix run .#rknn-pins: for whoever maintains this flake.
      apps = forAllSystems (
        system:
        lib.mapAttrs
          (name: description: {
            type = "app";
            program = lib.getExe' pkgsFor.${system}.rknn.maintenance name;
            meta = { inherit description; };
          })
          {
            rknn-pins = "Keep sources.toml: list, check, fill in, update and add what the packages download";
            rknn-reproduce = "Build packages twice or more under different conditions, and compare what comes out";
          }
      );

      # Cross-building a Python and its packages takes hours, and no cache has it: what holds one is checked on the board's system.
      checks = forAllSystems (
        system:
        let
          packages = removeAttrs self.packages.${system} (
            [ "default" ]
            ++ lib.optionals (system != "aarch64-linux") [
              "rknn"
              "rknn-toolkit-lite"
              "rknn-tools"
            ]
          );
          simulated = lib.optionalAttrs (system == "aarch64-linux") {
            toolkit-lite-simulated = pkgsFor.${system}.rknn.simulated.toolkit-lite;
          };
          # rknn-tools is links to it, so building that again would not build it.
          linked = { inherit (boardPkgsFor.${system}.rknn) benchmark; };
          twice = pkgsFor.${system}.callPackage ./tests/twice.nix { };
        in
        lib.mapAttrs' (name: lib.nameValuePair "package-${name}") packages
        // lib.mapAttrs' (name: package: lib.nameValuePair "twice-${name}" (twice package)) (
          packages // linked // simulated
        )
        // simulated
        // {
          pkg-config = packages.rknn-runtime.tests.pkg-config;
          formatting = pkgsFor.${system}.callPackage ./tests/formatting.nix { };
          unit = pkgsFor.${system}.callPackage ./tests/unit.nix { };
        }
      );

      formatter = forAllSystems (system: pkgsFor.${system}.nixfmt-tree);

      devShells = forAllSystems (system: {
        default = pkgsFor.${system}.callPackage ./devshell.nix { };
      });
    };
}
