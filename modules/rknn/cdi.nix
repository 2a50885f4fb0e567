# The CDI spec of the NPU: by its name podman, docker and Kubernetes give containers its nodes, library and group.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.mySystem.rknn;
  inherit (cfg) cdi;
  arguments = import ./cdi-arguments.nix { inherit config lib pkgs; };
  file = "rockchip.com-npu.json";
  written = "/run/cdi/${file}";
  copy = "/run/rknn/compatible";
  run = words: lib.escapeShellArgs ([ (lib.getExe pkgs.rknn.cdi) ] ++ words);
  places = [
    "--output=${written}"
    "--soc-copy=${copy}"
  ];

  # The parents that tell the NPU's nodes from others are gone when its driver is; udev still has what it noted before.
  # Of a driver's nodes the card is the last to come and the first to go. RUN, not SYSTEMD_WANTS: that starts what is not running yet,
  # and does nothing when a node goes.
  rules = pkgs.writeTextDir "lib/udev/rules.d/73-rknn-cdi.rules" (
    lib.concatLines (
      [
        ''ACTION!="remove", SUBSYSTEM=="drm", KERNEL=="card[0-9]*", DRIVERS=="RKNPU", ENV{RKNN_CDI}="1"''
        ''ACTION!="remove", SUBSYSTEM=="misc", KERNEL=="rknpu", ENV{RKNN_CDI}="1"''
        ''ACTION!="remove", SUBSYSTEM=="accel", KERNEL=="accel[0-9]*", KERNELS=="rknn", ENV{RKNN_CDI}="1"''
      ]
      ++ map (node: ''ENV{DEVNAME}=="${node}", ENV{RKNN_CDI}="1"'') cdi.extraNodes
      ++ [
        ''ACTION=="add|remove", ENV{RKNN_CDI}=="1", RUN+="${config.systemd.package}/bin/systemctl --no-block restart rknn-cdi.service"''
      ]
    )
  );

  # On the machine that builds: what it says comes from its options alone.
  builder = lib.getExe pkgs.buildPackages.rknn.cdi;
  compatible = pkgs.runCommand "compatible" { } ''
    printf 'rockchip,${cfg.soc}\0' >$out
  '';
  fixed = pkgs.rknn.validateCdi (
    pkgs.runCommand file { } ''
      ${builder} static --output="$PWD/${file}" ${
        lib.escapeShellArgs (
          [
            "--soc=${cfg.soc}"
            "--soc-copy=${compatible}"
            "--gid=${toString config.users.groups.${cfg.device.group}.gid}"
          ]
          ++ arguments.common
        )
      }
      install -m444 ${file} $out
    ''
  );
in
{
  config = lib.mkIf (cfg.usable && cdi.enable) {
    environment.etc = lib.mkIf cdi.static { "cdi/${file}".source = fixed; };

    services.udev.packages = lib.mkIf (!cdi.static) [ rules ];
    systemd.services.rknn-udev.restartTriggers = lib.mkIf (!cdi.static) [ rules ];

    systemd.services.rknn-cdi = lib.mkIf (!cdi.static) {
      description = "Describe Rockchip's NPU to container engines";
      documentation = [ "https://github.com/cncf-tags/container-device-interface" ];
      wantedBy = [ "multi-user.target" ];
      after = [ "rknn-udev.service" ];
      # Restarted, not stopped and started: containers that start during a switch find it.
      stopIfChanged = false;
      unitConfig = {
        ConditionPathExists = "/proc/device-tree/compatible";
        # Nodes may come and go as often as they like.
        StartLimitIntervalSec = 0;
      };
      serviceConfig = import ./confinement.nix // {
        Type = "oneshot";
        RemainAfterExit = true;
        ExecStart = run (
          [ "write" ]
          ++ places
          ++ [
            "--wait=${toString cfg.readyTimeout}"
            "--group=${cfg.device.group}"
          ]
          ++ lib.optional (cfg.driver != "none") (
            if cfg.driver == "mainline" then "--driver=rocket" else "--driver=rknpu"
          )
          ++ arguments.common
        );
        ExecStop = run ([ "remove" ] ++ places);
        # For what udev does not tell of: 10 s, and up to 10 min.
        Restart = "on-failure";
        RestartSec = 10;
        RestartSteps = 5;
        RestartMaxDelaySec = 600;
        # Others have their specs in /run/cdi.
        RuntimeDirectory = [
          "cdi"
          "rknn"
        ];
        RuntimeDirectoryPreserve = true;
        # It looks at nodes, and opens none.
        DevicePolicy = "closed";
        PrivateNetwork = true;
        ProtectKernelTunables = true;
        RestrictAddressFamilies = "none";
      };
    };
  };
}
