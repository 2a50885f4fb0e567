# Container engines that do not look for CDI specs by themselves, and what has to wait until there is one.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.mySystem.rknn;
  inherit (config.virtualisation) containerd docker podman;
  folders = lib.mkDefault [
    "/etc/cdi"
    "/var/run/cdi"
  ];
in
{
  config = lib.mkIf (cfg.usable && cfg.cdi.enable) {
    # By default podman reads /etc/cdi only.
    virtualisation.containers.containersConf.settings = lib.mkIf podman.enable {
      engine.cdi_spec_dirs = folders;
    };
    # On by default from 28.2 on.
    virtualisation.docker.daemon.settings = lib.mkIf docker.enable {
      features.cdi = lib.mkDefault true;
    };
    # On by default from 2.0 on, under another name.
    virtualisation.containerd.settings =
      lib.mkIf (containerd.enable && lib.versionOlder pkgs.containerd.version "2")
        {
          plugins."io.containerd.grpc.v1.cri" = {
            enable_cdi = lib.mkDefault true;
            cdi_spec_dirs = folders;
          };
        };

    # Containers that start with the machine. Names of units that are not there cost nothing.
    systemd.services = lib.mkIf (!cfg.cdi.static) {
      rknn-cdi.before = [
        "containerd.service"
        "crio.service"
        "docker.service"
        "k3s.service"
        "kubelet.service"
        "podman.service"
        "podman-restart.service"
        "rke2-agent.service"
        "rke2-server.service"
      ]
      ++ map (container: "${container.serviceName}.service") (
        lib.attrValues config.virtualisation.oci-containers.containers
      );
    };
  };
}
