# services.udev: rules of packages by their file names, the user's own as 99-local.rules.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;
  cfg = config.services.udev;
in
{
  options.services.udev = {
    packages = mkOption {
      type = types.listOf types.path;
      default = [ ];
      apply = map lib.getBin;
      description = "Packages with rules.";
    };
    extraRules = mkOption {
      type = types.lines;
      default = "";
      description = "More rules.";
    };
  };

  config.environment.etc."udev/rules.d".source =
    pkgs.runCommand "udev-rules"
      {
        local = cfg.extraRules;
        passAsFile = [ "local" ];
      }
      ''
        mkdir $out
        for package in ${toString cfg.packages}; do
          for folder in etc lib; do
            if [ -d $package/$folder/udev/rules.d ]; then
              cp $package/$folder/udev/rules.d/* $out/
            fi
          done
        done
        cp "$localPath" $out/99-local.rules
      '';
}
