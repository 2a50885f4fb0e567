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
      wantedBy = [ "multi-user.target" ];
      after = [ "systemd-modules-load.service" ];
      unitConfig.ConditionPathExists = "/proc/device-tree/compatible";
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
        ExecStart = lib.escapeShellArgs (
          [
            (lib.getExe pkgs.rknn.ready)
            "--wait=${toString cfg.readyTimeout}"
            "--soc=${cfg.soc}"
          ]
          ++ lib.optional cfg.usesRuntime "--runtime=${lib.getLib cfg.runtimePackage}/lib/librknnrt.so"
        );
        # As whoever uses the NPU: a member of the group and nobody else.
        DynamicUser = true;
        SupplementaryGroups = [ cfg.device.group ];
        # By kind: a node that is not there yet when the unit starts would stay forbidden.
        DevicePolicy = "closed";
        DeviceAllow = [
          "char-drm rw"
          "char-accel rw"
          "char-misc rw"
        ];
        CapabilityBoundingSet = "";
        IPAddressDeny = "any";
        LockPersonality = true;
        MemoryDenyWriteExecute = true;
        NoNewPrivileges = true;
        PrivateNetwork = true;
        PrivateTmp = true;
        ProcSubset = "all";
        ProtectClock = true;
        ProtectControlGroups = true;
        ProtectHome = true;
        ProtectHostname = true;
        ProtectKernelLogs = true;
        ProtectKernelModules = true;
        ProtectKernelTunables = true;
        ProtectProc = "invisible";
        ProtectSystem = "strict";
        RestrictAddressFamilies = "none";
        RestrictNamespaces = true;
        RestrictRealtime = true;
        RestrictSUIDSGID = true;
        SystemCallArchitectures = "native";
        # Not SIGSYS: a shell that wraps the program may call setuid, in vain.
        SystemCallErrorNumber = "EPERM";
        SystemCallFilter = [
          "@system-service"
          "~@privileged @resources"
        ];
        UMask = "0077";
      };
    };
  };
}
