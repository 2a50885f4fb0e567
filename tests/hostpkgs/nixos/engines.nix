# virtualisation.*: container engines, as far as modules set or read them. Engines themselves are nixpkgs'.
{ lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  mkEngine =
    name: version:
    mkOption {
      type = types.package;
      default = pkgs.runCommand name { } "mkdir $out" // {
        inherit version;
      };
      description = "The package of ${name}.";
    };
  # What pkgs.formats takes is more than this, and less than anything.
  mkSettings =
    description:
    mkOption {
      type = types.attrsOf types.anything;
      default = { };
      inherit description;
    };
  mkTexts =
    description:
    mkOption {
      type = types.listOf types.str;
      default = [ ];
      inherit description;
    };

  container =
    { name, ... }:
    {
      options = {
        image = mkOption { type = types.str; };
        imageFile = mkOption {
          type = types.nullOr types.package;
          default = null;
        };
        serviceName = mkOption {
          type = types.str;
          default = "podman-${name}";
        };
        user = mkOption {
          type = types.nullOr types.str;
          default = null;
        };
        cmd = mkTexts "Arguments of the image's entrypoint.";
        devices = mkTexts "Devices.";
        extraOptions = mkTexts "More options of podman run.";
        volumes = mkTexts "Folders.";
      };
    };
in
{
  options.virtualisation = {
    containerd = {
      enable = lib.mkEnableOption "containerd";
      settings = mkSettings "containerd.toml.";
    };
    containers.containersConf.settings = mkSettings "containers.conf.";
    docker = {
      enable = lib.mkEnableOption "docker";
      package = mkEngine "docker" "29.5.3";
      daemon.settings = mkSettings "daemon.json.";
    };
    podman = {
      enable = lib.mkEnableOption "podman";
      package = mkEngine "podman" "5.8.2";
    };
    oci-containers = {
      backend = mkOption {
        type = types.enum [
          "podman"
          "docker"
        ];
        default = "podman";
        description = "Which engine runs them.";
      };
      containers = mkOption {
        type = types.attrsOf (types.submodule container);
        default = { };
        description = "Containers that are services.";
      };
    };
  };
}
