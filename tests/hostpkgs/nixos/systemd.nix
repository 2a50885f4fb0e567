# systemd.services and systemd.packages: units, as files.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;
  cfg = config.systemd;

  unitNames = mkOption {
    type = types.listOf types.str;
    default = [ ];
  };
  # A setting that may be given more than once is a list; of one that may not there is one value.
  settings = mkOption {
    default = { };
    type = types.attrsOf (
      lib.mkOptionType {
        name = "systemd option";
        merge =
          loc: definitions:
          let
            values = lib.getValues definitions;
          in
          if lib.any lib.isList values then
            lib.concatMap lib.toList values
          else
            lib.mergeEqualOption loc definitions;
      }
    );
  };

  # Setting of [Unit] -> option that fills it.
  relations = {
    After = "after";
    Before = "before";
    BindsTo = "bindsTo";
    Conflicts = "conflicts";
    Documentation = "documentation";
    PartOf = "partOf";
    Requires = "requires";
    Wants = "wants";
  };

  service =
    { name, config, ... }:
    {
      options =
        lib.genAttrs (
          lib.attrValues relations
          ++ [
            "requiredBy"
            "wantedBy"
          ]
        ) (_: unitNames)
        // {
          enable = mkOption {
            type = types.bool;
            default = true;
          };
          restartTriggers = mkOption {
            type = types.listOf types.unspecified;
            default = [ ];
          };
          stopIfChanged = mkOption {
            type = types.bool;
            default = true;
          };
          description = mkOption {
            type = types.singleLineStr;
            default = "";
          };
          unitConfig = settings;
          serviceConfig = settings;
          environment = mkOption {
            type = types.attrsOf (
              types.nullOr (
                types.oneOf [
                  types.str
                  types.path
                  types.package
                ]
              )
            );
            default = { };
          };
          path = mkOption {
            type = types.listOf (
              types.oneOf [
                types.package
                types.str
              ]
            );
            default = [ ];
          };
          script = mkOption {
            type = types.lines;
            default = "";
          };
        };
      config = {
        unitConfig =
          lib.mapAttrs (_: toString) (
            lib.filterAttrs (_: names: names != [ ]) (lib.mapAttrs (_: option: config.${option}) relations)
          )
          // lib.optionalAttrs (config.description != "") { Description = config.description; }
          // lib.optionalAttrs (config.restartTriggers != [ ]) {
            X-Restart-Triggers = toString config.restartTriggers;
          }
          // lib.optionalAttrs (!config.stopIfChanged) { X-StopIfChanged = "false"; };
        environment.PATH = lib.mkIf (config.path != [ ]) (
          lib.concatMapStringsSep ":" (folder: lib.makeSearchPath folder (map lib.getBin config.path)) [
            "bin"
            "sbin"
          ]
        );
        serviceConfig = lib.mkIf (config.script != "") {
          ExecStart = "${pkgs.writeShellScript "unit-script-${name}-start" "set -e\n${config.script}"}";
        };
      };
    };

  line =
    name: value: "${name}=${if lib.isBool value then lib.boolToString value else toString value}";
  # A list is one line an element.
  lines =
    settings:
    lib.concatLists (lib.mapAttrsToList (name: value: map (line name) (lib.toList value)) settings);
  environmentLines =
    variables:
    lib.mapAttrsToList (name: value: "Environment=${builtins.toJSON "${name}=${value}"}") (
      lib.filterAttrs (_: value: value != null) variables
    );

  unitText =
    service:
    lib.concatLines (
      [ "[Unit]" ]
      ++ lines service.unitConfig
      ++ [
        ""
        "[Service]"
      ]
      ++ environmentLines service.environment
      ++ lines service.serviceConfig
      ++ lib.optionals (service.wantedBy != [ ]) [
        ""
        "[Install]"
        "WantedBy=${toString service.wantedBy}"
      ]
    );

  # "illegal character '@'": names in the store have fewer than units.
  storable = lib.replaceStrings [ "@" "\\" ] [ "-" "-" ];
  # Enabling is links in the folder of units; [Install] is for people to read.
  link =
    folder: name: units:
    lib.concatMapStrings (unit: ''
      mkdir -p "$out/${unit}.${folder}"
      ln -sf ../${name} "$out/${unit}.${folder}/${name}"
    '') units;
  install = name: unit: ''
    ln -sf ${
      if unit.enable then pkgs.writeText "unit-${storable name}" unit.text else "/dev/null"
    } "$out/${name}"
    ${lib.optionalString unit.enable (
      link "wants" name unit.wantedBy + link "requires" name unit.requiredBy
    )}
  '';
in
{
  options.systemd = {
    services = mkOption {
      type = types.attrsOf (types.submodule service);
      default = { };
      description = "Services.";
    };
    units = mkOption {
      internal = true;
      default = { };
      description = "The units that services are, with their texts.";
      type = types.attrsOf (
        types.submodule {
          options = {
            enable = mkOption {
              type = types.bool;
              default = true;
            };
            text = mkOption { type = types.lines; };
            wantedBy = unitNames;
            requiredBy = unitNames;
          };
        }
      );
    };
    package = mkOption {
      type = types.package;
      default = pkgs.systemd;
      description = "systemd.";
    };
    packages = mkOption {
      type = types.listOf types.package;
      default = [ ];
      description = "Packages with units.";
    };
  };

  config.systemd.units = lib.mapAttrs' (
    name: service:
    lib.nameValuePair "${name}.service" {
      inherit (service) enable wantedBy requiredBy;
      text = unitText service;
    }
  ) cfg.services;

  config.environment.etc."systemd/system".source = pkgs.runCommand "system-units" { } ''
    mkdir $out
    for package in ${toString cfg.packages}; do
      for folder in etc lib; do
        if [ -d $package/$folder/systemd/system ]; then
          cp -rsf --no-preserve=mode $package/$folder/systemd/system/. $out/
        fi
      done
    done
    ${lib.concatStringsSep "\n" (lib.mapAttrsToList install cfg.units)}
  '';
}
