# The kernel's driver for the NPU: rknpu, and never rocket beside it; or rocket.
{ config, lib, ... }:
let
  cfg = config.mySystem.rknn;
  isRocket = cfg.driver == "mainline";
in
{
  config = lib.mkIf cfg.usable {
    # Lists, since up to 25.11 these options take nothing else.
    boot.kernelModules = lib.mkIf cfg.loadKernelModule [ (if isRocket then "rocket" else "rknpu") ];
    boot.blacklistedKernelModules = lib.mkIf (cfg.driver != "none") [
      (if isRocket then "rknpu" else "rocket")
    ];
    boot.extraModulePackages = lib.mkIf (cfg.driver == "module" && cfg.driverPackage != null) [
      cfg.driverPackage
    ];
  };
}
