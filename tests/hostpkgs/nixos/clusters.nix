# services.k3s: what modules set or read of it. k3s itself is nixpkgs'.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;
  mkText =
    description:
    mkOption {
      type = types.str;
      default = "";
      inherit description;
    };
  mkTexts =
    description:
    mkOption {
      type = types.listOf types.str;
      default = [ ];
      inherit description;
    };
in
{
  options.services.k3s = {
    enable = lib.mkEnableOption "k3s";
    package = mkOption {
      type = types.package;
      default = pkgs.runCommand "k3s" { } "mkdir $out" // {
        version = "1.35.2+k3s1";
        airgap-images = pkgs.runCommand "k3s-airgap-images" { } "touch $out";
      };
      description = "The package of k3s.";
    };
    role = mkOption {
      type = types.enum [
        "server"
        "agent"
      ];
      default = "server";
      description = "What the machine is in the cluster.";
    };
    serverAddr = mkText "The server's address.";
    tokenFile = mkOption {
      type = types.nullOr types.path;
      default = null;
      description = "The file with the token.";
    };
    extraFlags = mkOption {
      type = types.either types.str (types.listOf types.str);
      default = [ ];
      description = "More arguments.";
    };
    disable = mkTexts "Components to leave out.";
    nodeLabel = mkTexts "Labels of the node.";
    nodeTaint = mkTexts "Taints of the node.";
    images = mkOption {
      type = types.listOf types.package;
      default = [ ];
      description = "Images that the node has from the start.";
    };
    containerdConfigTemplate = mkOption {
      type = types.nullOr types.str;
      default = null;
      description = "What containerd's configuration is made of.";
    };
  };

  config.environment.systemPackages = lib.mkIf config.services.k3s.enable [
    config.services.k3s.package
  ];
}
