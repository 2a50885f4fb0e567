# programs.nix-ld: libraries for programs that were not built with Nix.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.programs.nix-ld;
in
{
  options.programs.nix-ld = {
    enable = lib.mkEnableOption "nix-ld";
    libraries = lib.mkOption {
      type = lib.types.listOf lib.types.package;
      default = [ ];
      description = "Packages whose libraries such programs find.";
    };
  };

  config.environment = lib.mkIf cfg.enable {
    pathsToLink = [ "/share/nix-ld" ];
    systemPackages = [
      (pkgs.runCommand "nix-ld-libraries" { } ''
        mkdir -p $out/share/nix-ld/lib
        for package in ${toString cfg.libraries}; do
          cp -rsf --no-preserve=mode $package/lib/. $out/share/nix-ld/lib/
        done
      '')
    ];
  };
}
