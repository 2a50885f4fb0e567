# hardware.deviceTree: which of the kernel's device trees the machine boots with, and what is laid over them.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;
  mkOptional =
    type: description:
    mkOption {
      type = types.nullOr type;
      default = null;
      inherit description;
    };
  overlay.options = {
    name = mkOption {
      type = types.str;
      description = "The overlay's name.";
    };
    filter = mkOptional types.str "Which device trees it is for: a part of their names.";
    dtsFile = mkOptional types.path "Its source, in a file.";
    dtsText = mkOptional types.str "Its source.";
    dtboFile = mkOptional types.path "It, compiled.";
  };
in
{
  options.hardware.deviceTree = {
    enable = mkOption {
      type = types.bool;
      default = true;
      description = "Whether there is a device tree.";
    };
    name = mkOption {
      type = types.nullOr types.str;
      default = null;
      example = "rockchip/rk3588-orangepi-5-plus.dtb";
      description = "The device tree's file, below the kernel's folder of them.";
    };
    # In NixOS the kernel's, with the overlays laid over them.
    package = mkOption {
      type = types.nullOr types.path;
      default =
        if config.hardware.deviceTree.enable then pkgs.runCommand "device-trees" { } "mkdir $out" else null;
      description = "The device trees that the machine can boot with.";
    };
    overlays = mkOption {
      type = types.listOf (types.submodule overlay);
      default = [ ];
      description = "What is laid over it.";
    };
  };
}
