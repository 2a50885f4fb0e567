# mySystem.rknn: Rockchip's NPU on this machine. Needs this flake's overlay in pkgs, and nothing else.
{
  imports = [
    ./rknn/options.nix
    ./rknn/driver-options.nix
    ./rknn/container-options.nix
    ./rknn/usable.nix
    ./rknn/packages.nix
    ./rknn/devices.nix
    ./rknn/driver.nix
    ./rknn/device-tree.nix
    ./rknn/devfreq.nix
    ./rknn/guards.nix
    ./rknn/driver-guards.nix
    ./rknn/container-guards.nix
    ./rknn/ready.nix
    ./rknn/cdi.nix
    ./rknn/container-engines.nix
    ./rknn/kubernetes.nix
    ./rknn/foreign-programs.nix
    ./rknn/alias.nix
  ];
}
