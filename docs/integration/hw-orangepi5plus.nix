# The board. What it has for video and other devices stays as it is, beside what mySystem.rknn adds.
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

  # boot.kernelPackages: Rockchip's kernel, which has rknpu. On a mainline kernel the role needs two more lines,
  # driver = "module" and a driverPackage.
  boot.kernelModules = [ "ledtrig-netdev" ];
}
