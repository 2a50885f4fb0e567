# hardware.rknn.X is mySystem.rknn.X, for those who have no mySystem.
{ lib, ... }:
let
  # The path of each option, and the option.
  leaves =
    prefix: tree:
    lib.concatLists (
      lib.mapAttrsToList (
        name: value:
        let
          path = prefix ++ [ name ];
        in
        if lib.isOption value then
          [
            {
              inherit path;
              option = value;
            }
          ]
        else
          leaves path value
      ) tree
    );
  # Only their names are read: imports can't depend on what config and pkgs are.
  declared =
    file:
    (import file {
      inherit lib;
      config = { };
      pkgs = { };
    }).options.mySystem.rknn;
  from = [
    "hardware"
    "rknn"
  ];
  to = [
    "mySystem"
    "rknn"
  ];
  alias =
    { path, option }:
    if option.readOnly or false then
      reading path option
    else
      lib.mkAliasOptionModule (from ++ path) (to ++ path);
  # "The option `…' is read-only, but it's set multiple times": what an alias gives to `to` counts, even if nothing.
  reading =
    path: option:
    { config, ... }:
    {
      options = lib.setAttrByPath (from ++ path) (
        lib.mkOption {
          inherit (option) type;
          readOnly = true;
          default = lib.getAttrFromPath (to ++ path) config;
          defaultText = lib.literalExpression "config.${lib.showOption (to ++ path)}";
          description = "Alias of {option}`${lib.showOption (to ++ path)}`.";
        }
      );
    };
in
{
  imports = map alias (
    lib.concatMap (file: leaves [ ] (declared file)) [
      ./options.nix
      ./driver-options.nix
    ]
  );
}
