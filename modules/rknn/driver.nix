# The kernel's driver for the NPU: rknpu, and never rocket beside it.
{ config, lib, ... }:
let
  cfg = config.mySystem.rknn;
in
{
  config = lib.mkIf cfg.usable {
    # Lists, since up to 25.11 these options take nothing else.
    boot.kernelModules = lib.mkIf cfg.loadKernelModule [ "rknpu" ];
    boot.blacklistedKernelModules = lib.mkIf (cfg.driver != "none") [ "rocket" ];
    boot.extraModulePackages = lib.mkIf (cfg.driver == "module" && cfg.driverPackage != null) [
      cfg.driverPackage
    ];
  };
}
