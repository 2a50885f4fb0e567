# rknn-ready.service: says in the journal what the NPU's users will find.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.mySystem.rknn;
in
{
  config = lib.mkIf cfg.usable {
    systemd.services.rknn-ready = {
      description = "Find Rockchip's NPU, its driver and device node";
      documentation = [ "https://github.com/airockchip/rknn-toolkit2" ];
      # Without a driver of this module's there is nothing to wait for; who wants to know can still start it.
      wantedBy = lib.optional (cfg.driver != "none") "multi-user.target";
      after = [ "systemd-modules-load.service" ];
      # Restarted, not stopped and started: units that require it are then restarted too, and do not stay down.
      stopIfChanged = false;
      unitConfig.ConditionPathExists = "/proc/device-tree/compatible";
      serviceConfig = import ./confinement.nix // {
        Type = "oneshot";
        RemainAfterExit = true;
        ExecStart = lib.escapeShellArgs (
          [
            (lib.getExe pkgs.rknn.ready)
            "--wait=${toString cfg.readyTimeout}"
            "--soc=${cfg.soc}"
            "--group=${cfg.device.group}"
          ]
          ++ lib.optional (cfg.driver == "mainline") "--driver=rocket"
          ++ lib.optional cfg.usesRuntime "--runtime=${lib.getLib cfg.runtimePackage}/lib/librknnrt.so"
        );
        # As whoever uses the NPU: a member of the group and nobody else.
        DynamicUser = true;
        SupplementaryGroups = [ cfg.device.group ];
        # By kind, since a node that is not there yet when the unit starts would stay forbidden; and by the kinds' numbers, since
        # so would one whose kind is not there yet. drm is 226, misc 10, accel 261.
        DevicePolicy = "closed";
        DeviceAllow = [
          "char-226 rw"
          "char-10 rw"
        ]
        ++ lib.optional (cfg.driver == "mainline") "char-261 rw";
        PrivateNetwork = true;
        ProcSubset = "all";
        ProtectKernelTunables = true;
        RestrictAddressFamilies = "none";
      };
    };
  };
}
