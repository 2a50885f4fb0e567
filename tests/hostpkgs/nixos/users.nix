# users.*: accounts and groups, with the groups every NixOS has.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.users;

  user =
    { name, config, ... }:
    {
      options = {
        name = mkOption {
          type = types.str;
          default = name;
        };
        description = mkOption {
          type = types.str;
          default = "";
        };
        uid = mkOption {
          type = types.nullOr types.int;
          default = null;
        };
        isNormalUser = mkOption {
          type = types.bool;
          default = false;
        };
        isSystemUser = mkOption {
          type = types.bool;
          default = false;
        };
        group = mkOption {
          type = types.str;
          default = "";
        };
        extraGroups = mkOption {
          type = types.listOf types.str;
          default = [ ];
        };
        home = mkOption {
          type = types.path;
          default = "/var/empty";
        };
      };
      config = lib.mkIf config.isNormalUser {
        group = lib.mkDefault "users";
        home = lib.mkDefault "/home/${config.name}";
      };
    };

  group =
    { name, config, ... }:
    {
      options = {
        name = mkOption {
          type = types.str;
          default = name;
        };
        gid = mkOption {
          type = types.nullOr types.int;
          default = null;
        };
        members = mkOption {
          type = types.listOf types.str;
          default = [ ];
        };
      };
      config.members = lib.mapAttrsToList (_: member: member.name) (
        lib.filterAttrs (_: member: lib.elem config.name member.extraGroups) cfg.users
      );
    };

  isSystem = account: account.isSystemUser || (account.uid != null && account.uid < 1000);
in
{
  options.users.users = mkOption {
    type = types.attrsOf (types.submodule user);
    default = { };
    description = "Accounts.";
  };
  options.users.groups = mkOption {
    type = types.attrsOf (types.submodule group);
    default = { };
    description = "Groups.";
  };

  config.users.users.root = {
    uid = 0;
    group = "root";
    home = "/root";
  };
  config.users.groups = lib.mapAttrs (_: gid: { inherit gid; }) {
    root = 0;
    wheel = 1;
    kmem = 2;
    tty = 3;
    disk = 6;
    audio = 17;
    video = 26;
    dialout = 27;
    users = 100;
    input = 174;
    kvm = 302;
    render = 303;
    nogroup = 65534;
  };

  config.assertions = lib.concatMap (account: [
    {
      assertion = isSystem account != account.isNormalUser;
      message = "Exactly one of users.users.${account.name}.isSystemUser and users.users.${account.name}.isNormalUser must be set.";
    }
    {
      assertion = account.group != "";
      message = "users.users.${account.name}.group is unset.";
    }
  ]) (lib.attrValues cfg.users);
}
