# rknn-device-plugin.service: tells the kubelet of the NPU's cores, and hands them out to pods.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.mySystem.rknn;
  inherit (cfg) kubernetes;
  arguments = import ./cdi-arguments.nix { inherit config lib pkgs; };
  features = "/etc/kubernetes/node-feature-discovery/features.d";
  folder = "d";
in
{
  config = lib.mkIf (cfg.usable && kubernetes.enable && cfg.cdi.enable) {
    # They can only be made writable for the service if they are there, and it may start before the kubelet has ever run. The parent, too,
    # as the kubelet makes it: 0750, where tmpfiles would make it 0755.
    systemd.tmpfiles.settings."10-rknn" = {
      ${dirOf kubernetes.kubeletDirectory}.${folder}.mode = ":0750";
      ${kubernetes.kubeletDirectory}.${folder}.mode = ":0750";
    }
    // lib.optionalAttrs kubernetes.nodeFeatures { ${features}.${folder}.mode = ":0755"; };

    systemd.services.rknn-device-plugin = {
      description = "Offer Rockchip's NPU to Kubernetes";
      documentation = [
        "https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/device-plugins/"
      ];
      wantedBy = [ "multi-user.target" ];
      after = [ "rknn-cdi.service" ];
      # The kubelet takes the NPU from the node while nobody answers for it.
      stopIfChanged = false;
      unitConfig = {
        ConditionPathExists = "/proc/device-tree/compatible";
        RequiresMountsFor = kubernetes.kubeletDirectory;
        StartLimitIntervalSec = 0;
      };
      serviceConfig = import ./confinement.nix // {
        ExecStart = lib.escapeShellArgs (
          [
            (lib.getExe pkgs.rknn.device-plugin)
            "--kubelet-dir=${kubernetes.kubeletDirectory}"
            "--cdi-spec=${if cfg.cdi.static then "/etc" else "/run"}/cdi/rockchip.com-npu.json"
            "--driver=rknpu"
            "--pods-per-core=${toString kubernetes.podsPerCore}"
          ]
          ++ lib.optional kubernetes.nodeFeatures "--features=${features}/rknn"
          ++ lib.optional (cfg.cdi.library != "none") "--runtime=${arguments.library}"
          ++ lib.optional (
            kubernetes.runtimeEndpoint != null
          ) "--runtime-endpoint=${kubernetes.runtimeEndpoint}"
        );
        Restart = "always";
        RestartSec = 5;
        # root without a capability: the kubelet's socket and the runtime's are root's.
        # Labels can wait: /etc may be read-only, and the service would not start without the folder.
        ReadWritePaths = [
          kubernetes.kubeletDirectory
        ]
        ++ lib.optional kubernetes.nodeFeatures "-${features}";
        DevicePolicy = "closed";
        PrivateNetwork = true;
        ProtectKernelTunables = true;
        RestrictAddressFamilies = "AF_UNIX";
      };
    };
  };
}
