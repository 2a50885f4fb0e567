# A VM that is an Orange Pi 5 Plus to whoever asks: the device tree's name, a driver with nothing behind it, and the simulator
# in place of the vendor's library.
{ config, pkgs, ... }:
let
  identity = pkgs.runCommand "device-tree" { } ''
    mkdir $out
    printf 'xunlong,orangepi-5-plus\0rockchip,rk3588\0' >$out/compatible
  '';
  model = pkgs.runCommand "conv.rknn" { nativeBuildInputs = [ pkgs.python3 ]; } ''
    python3 ${../../unit/rknn_file.py} $out
  '';
in
{
  mySystem.rknn = {
    enable = true;
    driver = "module";
    # QEMU's device tree has no NPU to be changed.
    deviceTree.enable = false;
    driverPackage = config.boot.kernelPackages.callPackage ./driver.nix { };
    runtimePackage = pkgs.rknn.simulator;
  };
  boot.extraModprobeConfig = "options rknpu device=1";

  systemd.mounts = [
    {
      description = "Device tree of an Orange Pi 5 Plus";
      what = "${identity}";
      where = "/sys/firmware/devicetree/base";
      type = "none";
      options = "bind,ro";
      wantedBy = [ "local-fs.target" ];
    }
  ];
  # "After=" of a target does not hold for mounts below /sys.
  systemd.services.rknn-ready.unitConfig.RequiresMountsFor = "/sys/firmware/devicetree/base";

  # What the scripts run: `rknn-python /etc/npu/infer.py`.
  environment.etc."npu/infer.py".source = ./infer.py;
  environment.etc."npu/model.rknn".source = model;
}
