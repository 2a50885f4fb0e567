# Where the rest of this module means anything. Elsewhere these assertions are all that is evaluated: a package that this
# platform or pkgs lacks would stop the evaluation with an error of its own before they are heard.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.mySystem.rknn;
  inherit (pkgs.stdenv) hostPlatform;
  mkInternal =
    default: description:
    lib.mkOption {
      type = lib.types.bool;
      internal = true;
      readOnly = true;
      inherit default description;
    };
  guards = [
    {
      assertion = hostPlatform.system == "aarch64-linux";
      message = "mySystem.rknn: this configuration is for ${hostPlatform.system}, and Rockchip's library for aarch64-linux only; write mySystem.rknn.enable = false for this machine";
    }
    {
      assertion = pkgs ? rknn.ready;
      message = "mySystem.rknn: pkgs has no rknn; add this flake's overlays.default to nixpkgs.overlays, or to those of the pkgs you pass in";
    }
  ];
in
{
  options.mySystem.rknn = {
    usable = mkInternal (
      cfg.enable && lib.all (guard: guard.assertion) guards
    ) "Whether the NPU is wanted and its packages can be evaluated.";
    usesRuntime =
      mkInternal (cfg.enableRuntime || cfg.enableHeaders || cfg.enableToolkitLite || cfg.linkUsrLib)
        "Whether runtimePackage is for this machine's programs. A host of containers may only want the device nodes.";
  };
  config.assertions = lib.mkIf cfg.enable guards;
}
