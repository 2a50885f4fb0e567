# The same board on NixOS's own kernel. Its device tree has to be named: the one for the NPU's driver is made from it.
{ lib, pkgs, ... }:
{
  users.users.operator.isNormalUser = true;

  boot.kernelPackages = pkgs.linuxPackages_6_18;
  hardware.deviceTree.name = "rockchip/rk3588-orangepi-5-plus.dtb";

  # docs/hardware.md: what this is, who has shown it, and what it costs. A host can say "mainline" instead.
  mySystem.rknn.driver = lib.mkDefault "module";
}
