# The board, but for its disks and boot loader. What it has for video and other devices stays as it is, beside what
# mySystem.rknn adds.
{ pkgs, ... }:
{
  users.users.operator = {
    isNormalUser = true;
    extraGroups = [
      "render"
      "video"
    ];
  };

  services.udev.extraRules = ''
    KERNEL=="mpp_service", MODE="0660", GROUP="video"
    KERNEL=="rga", MODE="0660", GROUP="video"
    SUBSYSTEM=="dma_heap", KERNEL=="system", MODE="0660", GROUP="video"
  '';

  # It has rknpu. NixOS's own kernels are mainline and have not: see hw-orangepi5plus-mainline.nix.
  boot.kernelPackages = pkgs.linuxPackages_rockchip;
  boot.kernelModules = [ "ledtrig-netdev" ];
}
