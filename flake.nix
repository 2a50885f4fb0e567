{
  description = "Rockchip's NPU on NixOS: the RKNN runtime, Python binding, converter and tools for RK3588 boards";

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

      # mySystem.rknn. A system that imports both has it once: the module system knows a file by its path. No bare paths, since
      # Nix 2.8 says "module must be a function or an attribute set".
      nixosModules = {
        default.imports = [ ./modules/rknn.nix ];
        rknn.imports = [ ./modules/rknn.nix ];
      };

      # Everything, by nixpkgs' names: rknn (the scope), python3XXPackages.{rknn-toolkit-lite2,rknn-toolkit2}, pkgsCross.…
      legacyPackages = pkgsFor;

      packages = forAllSystems (system: {
        inherit (boardPkgsFor.${system})
          rknn-oci-image
          rknn-runtime
          rknn-toolkit-lite
          rknn-tools
          ;
        inherit (pkgsFor.${system})
          rknn-cdi
          rknn-convert
          rknn-device-plugin
          rknn-npu-load
          rknn-ready
          rknn-simulator
          rknn-toolkit
          ;
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

      checks = forAllSystems (
        system:
        import ./tests/checks.nix {
          inherit lib;
          pkgs = pkgsFor.${system};
          boardPkgs = boardPkgsFor.${system};
          packages = removeAttrs self.packages.${system} [ "default" ];
        }
      );

      formatter = forAllSystems (system: pkgsFor.${system}.nixfmt-tree);

      devShells = forAllSystems (system: {
        default = pkgsFor.${system}.callPackage ./devshell.nix { };
      });
    };
}
