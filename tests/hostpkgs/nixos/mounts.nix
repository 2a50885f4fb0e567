# systemd.mounts: units that mount.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  text = mkOption { type = types.str; };
  unitName =
    where: "${lib.replaceStrings [ "-" "/" ] [ "\\x2d" "-" ] (lib.removePrefix "/" where)}.mount";
  unitText = mount: ''
    [Unit]
    Description=${mount.description}

    [Mount]
    Options=${mount.options}
    Type=${mount.type}
    What=${mount.what}
    Where=${mount.where}
  '';
in
{
  options.systemd.mounts = mkOption {
    default = [ ];
    description = "Mounts.";
    type = types.listOf (
      types.submodule {
        options = lib.genAttrs [ "what" "where" "type" "options" "description" ] (_: text) // {
          wantedBy = mkOption {
            type = types.listOf types.str;
            default = [ ];
          };
        };
      }
    );
  };

  config.systemd.units = lib.listToAttrs (
    map (
      mount:
      lib.nameValuePair (unitName mount.where) {
        inherit (mount) wantedBy;
        text = unitText mount;
      }
    ) config.systemd.mounts
  );
}
