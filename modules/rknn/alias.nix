# hardware.rknn.X is mySystem.rknn.X, for those who have no mySystem. One module for all options of a file: hosts that have them
# off pay three times as much for a lib.mkAliasOptionModule each.
{ lib, ... }:
let
  # Only their names and types are read: imports can't depend on what config and pkgs are.
  declared =
    file:
    (import file {
      inherit lib;
      config = { };
      pkgs = { };
    }).options.mySystem.rknn;
  isRead = option: option.readOnly or false;
  # What `make` gives for each option that `has` takes, by its path.
  each =
    has: make:
    let
      walk =
        path: tree:
        lib.mapAttrs (
          name: value:
          let
            here = path ++ [ name ];
          in
          if lib.isOption value then make here value else walk here value
        ) (lib.filterAttrs (_: value: !lib.isOption value || has value) tree);
    in
    walk [ ];

  aliases =
    file:
    { config, options, ... }:
    let
      tree = declared file;
      option =
        path: target:
        let
          name = lib.showOption (
            [
              "mySystem"
              "rknn"
            ]
            ++ path
          );
          value = lib.getAttrFromPath path config.mySystem.rknn;
        in
        lib.mkOption (
          {
            inherit (target) type;
            description = "Alias of {option}`${name}`.";
          }
          // (
            if isRead target then
              {
                readOnly = true;
                default = value;
                defaultText = lib.literalExpression "config.${name}";
              }
            else
              { apply = _: value; }
          )
        );
      # With the priority that they have.
      definitions =
        path: _:
        let
          own = lib.getAttrFromPath path options.hardware.rknn;
        in
        lib.mkIf own.isDefined (lib.mkMerge (map (lib.mkOverride own.highestPrio) own.definitions));
    in
    {
      options.hardware.rknn = each (_: true) option tree;
      # "The option `…' is read-only, but it's set multiple times": what is given to it counts, even if nothing.
      config.mySystem.rknn = each (target: !isRead target) definitions tree;
    };
in
{
  imports = map aliases [
    ./options.nix
    ./driver-options.nix
    ./container-options.nix
  ];
}
