# nixpkgs.*: where pkgs comes from.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.nixpkgs;
in
{
  options.nixpkgs = {
    pkgs = mkOption {
      type = types.raw;
      description = "The package set, to which the overlays are added.";
    };
    config = mkOption {
      type = types.attrs;
      default = { };
      description = "nixpkgs' configuration.";
    };
    overlays = mkOption {
      type = types.listOf (
        lib.mkOptionType {
          name = "nixpkgs-overlay";
          description = "nixpkgs overlay";
          check = lib.isFunction;
          merge = lib.mergeOneOption;
        }
      );
      default = [ ];
      description = "Overlays, the first one innermost.";
    };
    hostPlatform = mkOption {
      type = types.either types.str types.attrs;
      apply = lib.systems.elaborate;
      description = "The platform that the system runs on.";
    };
  };

  config._module.args.pkgs = lib.foldl' (pkgs: pkgs.extend) cfg.pkgs cfg.overlays;
  config.nixpkgs.pkgs = lib.mkOptionDefault (
    import ./.. {
      inherit (cfg.hostPlatform) system;
      inherit (cfg) config;
    }
  );
}
