# A node of a k3s cluster whose pods can ask for the NPU, by the limit rockchip.com/npu: 1. docs/kubernetes has such pods. The other
# nodes need nothing of it, NixOS or not.
{ pkgs, ... }:
{
  mySystem.rknn.kubernetes.enable = true;

  services.k3s = {
    enable = true;
    role = "agent";
    serverAddr = "https://opi01.example:6443";
    tokenFile = "/var/lib/secrets/k3s-token";
    # From the start, without a registry.
    images = [ pkgs.rknn.oci-image ];
  };
}
