# /usr/lib/librknnrt.so, for programs that open nothing else.
{ config, lib, ... }:
let
  cfg = config.mySystem.rknn;
in
{
  config = lib.mkIf cfg.usable {
    systemd.tmpfiles.settings."10-rknn"."/usr/lib/librknnrt.so" =
      if cfg.linkUsrLib then
        { "L+".argument = "${lib.getLib cfg.runtimePackage}/lib/librknnrt.so"; }
      else
        { r = { }; };
  };
}
