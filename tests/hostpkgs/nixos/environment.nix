# environment.*: what is on the system path and in /etc.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;
  cfg = config.environment;
  entries = lib.filter (entry: entry.enable) (lib.attrValues cfg.etc);
in
{
  options.environment = {
    systemPackages = mkOption {
      type = types.listOf types.package;
      default = [ ];
      description = "Packages on the system path.";
    };
    pathsToLink = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Folders of packages that are on the system path.";
    };
    etc = mkOption {
      default = { };
      description = "Files in /etc.";
      type = types.attrsOf (
        types.submodule (
          { name, config, ... }:
          {
            options = {
              enable = mkOption {
                type = types.bool;
                default = true;
              };
              target = mkOption {
                type = types.str;
                default = name;
              };
              text = mkOption {
                type = types.nullOr types.lines;
                default = null;
              };
              source = mkOption { type = types.path; };
              mode = mkOption {
                type = types.str;
                default = "symlink";
              };
            };
            config.source = lib.mkIf (config.text != null) (
              lib.mkDefault (pkgs.writeText "etc-${baseNameOf name}" config.text)
            );
          }
        )
      );
    };
  };
  options.system.path = mkOption {
    type = types.package;
    internal = true;
    description = "The folder that /run/current-system/sw leads to.";
  };

  config.environment.pathsToLink = [
    "/bin"
    "/etc/xdg"
    "/lib"
    "/sbin"
  ];
  config.system.path = pkgs.runCommand "system-path" { } ''
    mkdir $out
    for package in ${toString cfg.systemPackages}; do
      for folder in ${lib.escapeShellArgs cfg.pathsToLink}; do
        if [ -d "$package$folder" ]; then
          mkdir -p "$out$folder"
          cp -rsf --no-preserve=mode "$package$folder/." "$out$folder/"
        fi
      done
    done
  '';
  config.system.build.etc = pkgs.runCommand "etc" { } (
    "mkdir -p $out/etc\n"
    + lib.concatMapStrings (
      {
        target,
        source,
        mode,
        ...
      }:
      let
        to = ''"$out"/etc/${lib.escapeShellArg target}'';
      in
      ''
        mkdir -p "$(dirname ${to})"
        ${if mode == "symlink" then "ln -s ${source} ${to}" else "install -m ${mode} ${source} ${to}"}
      ''
    ) entries
  );
}
