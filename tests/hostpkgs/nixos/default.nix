# nixos/lib/eval-config.nix without nixpkgs: a system's configuration, of the options that this project's module sets or
# reads, declared with nixpkgs' types. All use what is in lib only, so that the real lib can take its place.
{
  modules,
  specialArgs ? { },
  # Packages made elsewhere; nixpkgs.{config,hostPlatform,overlays} are then without effect, as in NixOS.
  pkgs ? null,
  system ? null,
  # What boot.kernelPackages.kernel is where nothing sets it: NixOS's default is a mainline kernel.
  kernel ? {
    version = "6.18.5";
    src.urls = [ "mirror://kernel/linux/kernel/v6.x/linux-6.18.5.tar.xz" ];
  },
  # boot.kernelModules and its like are attrsOf bool in nixpkgs from 26.05 on, listOf str up to 25.11.
  kernelModulesAsList ? false,
}:
let
  lib = import ../lib;
  given = {
    _file = "eval-config.nix";
    config = {
      _module.args.pkgs = lib.mkIf (pkgs != null) (lib.mkForce pkgs);
      nixpkgs.hostPlatform = lib.mkIf (system != null) (lib.mkDefault system);
    };
  };
  evaluated = lib.evalModules {
    inherit specialArgs;
    modules = modules ++ [
      given
      ./nixpkgs.nix
      ./environment.nix
      ./users.nix
      (import ./kernel.nix { inherit kernel kernelModulesAsList; })
      ./udev.nix
      ./device-tree.nix
      ./systemd.nix
      ./mounts.nix
      ./tmpfiles.nix
      ./nix-ld.nix
      ./engines.nix
      ./clusters.nix
      ./toplevel.nix
    ];
  };
in
evaluated // { inherit (evaluated._module.args) pkgs; }
