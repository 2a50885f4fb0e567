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
  # After 50-udev-default.rules, which gives cards to group video, and before a user's 99-local.rules.
  rules = pkgs.writeTextDir "lib/udev/rules.d/60-rknn.rules" (
    lib.concatLines (
      [
        "# rknpu built for DRM; the library opens the card, not the render node"
        ''SUBSYSTEM=="drm", KERNEL=="card[0-9]*|renderD[0-9]*", DRIVERS=="RKNPU", ${access}''
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
in
{
  config = lib.mkIf cfg.usable {
    services.udev.packages = [ rules ];
    users.users = lib.genAttrs cfg.users (_: {
      extraGroups = [ cfg.device.group ];
    });
  };
}
