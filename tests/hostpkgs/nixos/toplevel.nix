# The system as one derivation, and what stops it.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;
  inherit (config.system) build;
  failed = lib.filter (assertion: !assertion.assertion) config.assertions;
  inherit (config.system) checks;
  system = pkgs.runCommand "nixos-system-${config.networking.hostName}" { inherit checks; } ''
    mkdir $out
    ln -s ${build.etc}/etc $out/etc
    ln -s ${build.modulesTree} $out/kernel-modules
    ln -s ${config.system.path} $out/sw
  '';
in
{
  options = {
    assertions = mkOption {
      type = types.listOf types.unspecified;
      internal = true;
      default = [ ];
      description = "What must hold: { assertion; message; }.";
    };
    warnings = mkOption {
      type = types.listOf types.str;
      internal = true;
      default = [ ];
      description = "What people should know.";
    };
    networking.hostName = mkOption {
      type = types.strMatching "^$|^[[:alnum:]]([[:alnum:]_-]{0,61}[[:alnum:]])?$";
      default = "nixos";
      description = "The name of the machine.";
    };
    system.checks = mkOption {
      type = types.listOf types.package;
      default = [ ];
      description = "What has to build before the system does.";
    };
    system.build = mkOption {
      type = types.lazyAttrsOf types.unspecified;
      default = { };
      description = "What a system is built of.";
    };
  };

  config.system.build.toplevel =
    if failed != [ ] then
      throw "\nFailed assertions:\n${
        lib.concatMapStringsSep "\n" (assertion: "- ${assertion.message}") failed
      }"
    else
      lib.showWarnings config.warnings system;
}
