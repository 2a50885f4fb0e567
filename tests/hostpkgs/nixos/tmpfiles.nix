# systemd.tmpfiles: rules as lines, and as settings of one file each.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;
  cfg = config.systemd.tmpfiles;
  field = mkOption {
    type = types.str;
    default = "-";
  };
  escaped =
    lib.replaceStrings
      [
        "\\"
        "\t"
        "\n"
        "\r"
        " "
      ]
      [
        "\\\\"
        "\\x09"
        "\\x0a"
        "\\x0d"
        "\\x20"
      ];
  rule =
    path: entry:
    "'${entry.type}' '${path}' '${entry.mode}' '${entry.user}' '${entry.group}' '${entry.age}' ${escaped entry.argument}";
  rules =
    paths:
    lib.concatLists (
      lib.mapAttrsToList (path: entries: map (rule path) (lib.attrValues entries)) paths
    );
in
{
  options.systemd.tmpfiles = {
    rules = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Rules for systemd-tmpfiles.";
    };
    settings = mkOption {
      default = { };
      description = "File -> path -> kind of rule -> its fields.";
      type = types.attrsOf (
        types.attrsOf (
          types.attrsOf (
            types.submodule (
              { name, ... }:
              {
                options = {
                  type = mkOption {
                    type = types.str;
                    default = name;
                  };
                  mode = field;
                  user = field;
                  group = field;
                  age = field;
                  argument = mkOption {
                    type = types.str;
                    default = "";
                  };
                };
              }
            )
          )
        )
      );
    };
  };

  config.environment.etc =
    lib.mapAttrs' (
      name: paths: lib.nameValuePair "tmpfiles.d/${name}.conf" { text = lib.concatLines (rules paths); }
    ) cfg.settings
    // {
      "tmpfiles.d/00-nixos.conf".text = lib.concatLines cfg.rules;
    };
}
