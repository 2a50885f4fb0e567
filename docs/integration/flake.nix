# An infrastructure flake with this one in it: packages are made outside the systems, overlays are the values of a set, and
# the same base modules go to every host. tests/eval imports this file, with its own inputs.
{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    rknn = {
      url = "git+file:///path/to/this/checkout";
      inputs.nixpkgs.follows = "nixpkgs";
    };
    kernel.url = "git+file:///path/to/a/flake/with/Rockchip's/kernel";
  };

  outputs =
    { self, nixpkgs, ... }@inputs:
    let
      overlays = import ./overlays.nix { inherit inputs; };

      mkNixosConfig =
        {
          hostname,
          system,
          hardwareModules ? [ ],
          profileModules ? [ ],
        }:
        nixpkgs.lib.nixosSystem {
          inherit system;
          pkgs = import nixpkgs {
            inherit system;
            overlays = builtins.attrValues overlays;
            config.allowUnfree = true;
          };
          specialArgs = { inherit self inputs nixpkgs; };
          modules = [
            { networking.hostName = hostname; }
            # On every host; it does nothing until mySystem.rknn.enable.
            inputs.rknn.nixosModules.default
          ]
          ++ hardwareModules
          ++ profileModules;
        };
    in
    {
      nixosConfigurations = {
        opi01 = mkNixosConfig {
          hostname = "opi01";
          system = "aarch64-linux";
          hardwareModules = [ ./hw-orangepi5plus.nix ];
          profileModules = [
            ./role-npu-worker.nix
            ./detector.nix
          ];
        };
        # The same with a mainline kernel, and Rockchip's driver built for it.
        opi02 = mkNixosConfig {
          hostname = "opi02";
          system = "aarch64-linux";
          hardwareModules = [ ./hw-orangepi5plus-mainline.nix ];
          profileModules = [
            ./role-npu-worker.nix
            ./detector.nix
          ];
        };
        # A mainline kernel with its own driver: TFLite models with Mesa's Teflon, nothing of Rockchip's.
        opi03 = mkNixosConfig {
          hostname = "opi03";
          system = "aarch64-linux";
          hardwareModules = [ ./hw-orangepi5plus-mainline.nix ];
          profileModules = [
            ./role-npu-worker.nix
            { mySystem.rknn.driver = "mainline"; }
          ];
        };
        # Containers with the NPU, and pods.
        opi04 = mkNixosConfig {
          hostname = "opi04";
          system = "aarch64-linux";
          hardwareModules = [ ./hw-orangepi5plus.nix ];
          profileModules = [
            ./role-npu-worker.nix
            ./containers.nix
          ];
        };
        opi05 = mkNixosConfig {
          hostname = "opi05";
          system = "aarch64-linux";
          hardwareModules = [ ./hw-orangepi5plus.nix ];
          profileModules = [
            ./role-npu-worker.nix
            ./k3s-agent.nix
          ];
        };
        # A Raspberry Pi and a PC: the module is there, and off.
        raccoon00 = mkNixosConfig {
          hostname = "raccoon00";
          system = "aarch64-linux";
        };
        shadowfax = mkNixosConfig {
          hostname = "shadowfax";
          system = "x86_64-linux";
        };
      };
    };
}
