# Two containers with the NPU and no privilege: one that NixOS makes a service of, one as a quadlet file. Their image has a Python
# with rknnlite; what it runs comes from /var/lib/detector.
{ config, pkgs, ... }:
let
  inherit (config.virtualisation.oci-containers.containers.detector) imageFile;
in
{
  mySystem.rknn.cdi.enable = true;
  virtualisation.podman.enable = true;

  virtualisation.oci-containers.backend = "podman";
  virtualisation.oci-containers.containers.detector = {
    image = "rknn:${imageFile.version}";
    # With packages of one's own: pkgs.rknn.oci-image.override { extraPythonPackages = ps: [ ps.pillow ]; }
    imageFile = pkgs.rknn.oci-image;
    devices = [ "rockchip.com/npu=all" ];
    volumes = [ "/var/lib/detector:/var/lib/detector:ro" ];
    cmd = [ "/var/lib/detector/detect.py" ];
    extraOptions = [
      "--cap-drop=all"
      "--network=none"
      "--read-only"
      "--security-opt=no-new-privileges"
    ];
  };

  # For podman without NixOS's options, as on other distributions. This one's program is told to use the second core.
  environment.etc."containers/systemd/counter.container".text = ''
    [Unit]
    Description=Count objects
    Wants=rknn-cdi.service
    After=rknn-cdi.service

    [Container]
    Image=docker-archive:${imageFile}
    AddDevice=rockchip.com/npu=core1
    Volume=/var/lib/detector:/var/lib/detector:ro
    Exec=/var/lib/detector/detect.py
    DropCapability=all
    Network=none
    NoNewPrivileges=true
    ReadOnly=true

    [Service]
    Restart=always
    RestartSec=10

    [Install]
    WantedBy=multi-user.target
  '';
}
