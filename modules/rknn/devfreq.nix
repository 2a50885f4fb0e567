# Limits of the NPU's clock, where the driver changes it.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.mySystem.rknn;
  inherit (cfg.devfreq) governor minFrequency maxFrequency;
  set = name: value: lib.optional (value != null) ''ATTR{${name}}="${toString value}"'';
  hertz = megahertz: lib.mapNullable (value: value * 1000000) megahertz;
  # Each write is checked against the other limit: the higher one comes first.
  settings =
    set "governor" governor
    ++ set "max_freq" (hertz maxFrequency)
    ++ set "min_freq" (hertz minFrequency);
  # fdab0000.npu, fde40000.npu, 27700000.npu: by the node's address.
  rules = pkgs.writeTextDir "lib/udev/rules.d/72-rknn-devfreq.rules" ''
    SUBSYSTEM=="devfreq", KERNEL=="*.npu", ${lib.concatStringsSep ", " settings}
  '';
in
{
  config = lib.mkIf (cfg.usable && settings != [ ]) {
    services.udev.packages = [ rules ];
    systemd.services.rknn-udev.restartTriggers = [ rules ];
  };
}
