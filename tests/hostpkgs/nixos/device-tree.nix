# hardware.deviceTree: which of the kernel's device trees the machine boots with.
{ lib, ... }:
{
  options.hardware.deviceTree = {
    name = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
      example = "rockchip/rk3588-orangepi-5-plus.dtb";
      description = "The device tree's file, below the kernel's folder of them.";
    };
    overlays = lib.mkOption {
      type = lib.types.listOf lib.types.attrs;
      default = [ ];
      description = "What is laid over it.";
    };
  };
}
