# Who may open the NPU's device nodes. They are told from others by their driver: their numbers depend on the display's.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.mySystem.rknn;
  access = ''GROUP="${cfg.device.group}", MODE="${cfg.device.mode}"'';
  # Otherwise whoever is logged in at the screen gets the NPU whatever the group, and the NPU counts as that screen's card.
  noSeat = ''TAG-="uaccess", TAG-="seat", TAG-="master-of-seat"'';
  # After 50-udev-default.rules, which gives cards to group video, 70-uaccess.rules and 71-seat.rules, which tag them; before
  # 73-seat-late.rules, which acts on the tags, and a user's 99-local.rules.
  rules = pkgs.writeTextDir "lib/udev/rules.d/72-rknn.rules" (
    lib.concatLines (
      [
        "# rknpu built for DRM; the library opens the card, not the render node"
        ''SUBSYSTEM=="drm", KERNEL=="card[0-9]*|renderD[0-9]*", DRIVERS=="RKNPU", ${access}, ${noSeat}''
        "# rknpu built for DMA heaps"
        ''SUBSYSTEM=="misc", KERNEL=="rknpu", ${access}''
        "# rocket, for Mesa"
        ''SUBSYSTEM=="accel", KERNEL=="accel[0-9]*", KERNELS=="rknn", ${access}''
      ]
      ++ lib.optionals cfg.device.dmaHeaps [
        "# memory that drivers and programs share"
        ''SUBSYSTEM=="dma_heap", ${access}''
      ]
      ++ lib.optionals (cfg.extraUdevRules != "") [
        "# mySystem.rknn.extraUdevRules"
        (lib.removeSuffix "\n" cfg.extraUdevRules)
      ]
    )
  );
  subsystems = [
    "drm"
    "misc"
    "accel"
    "dma_heap"
  ]
  ++ lib.optional (lib.any (limit: limit != null) (lib.attrValues cfg.devfreq)) "devfreq";
in
{
  config = lib.mkIf cfg.usable {
    services.udev.packages = [ rules ];

    # On a switch NixOS gives new rules to udev, and udev gives them to nothing that is there already: the driver of a vendor
    # kernel always is. https://github.com/NixOS/nixpkgs/issues/12790
    systemd.services.rknn-udev = {
      description = "Apply the udev rules for Rockchip's NPU";
      wantedBy = [ "multi-user.target" ];
      before = [ "rknn-ready.service" ];
      after = [ "systemd-udevd.service" ];
      restartTriggers = [ rules ];
      serviceConfig = import ./confinement.nix // {
        Type = "oneshot";
        RemainAfterExit = true;
        ExecStart = lib.escapeShellArgs (
          [
            "${config.systemd.package}/bin/udevadm"
            "trigger"
            "--settle"
            "--action=change"
          ]
          ++ map (subsystem: "--subsystem-match=${subsystem}") subsystems
        );
        # /sys stays writable, and the network namespace the machine's: that is how udev is told, and answers.
        PrivateDevices = true;
        RestrictAddressFamilies = [
          "AF_NETLINK"
          "AF_UNIX"
        ];
      };
    };

    users.groups = lib.mkIf (cfg.users != [ ]) {
      ${cfg.device.group}.members = cfg.users;
    };
  };
}
