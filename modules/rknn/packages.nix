# What is on the system path.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.mySystem.rknn;
  # python3 itself stays whichever the machine has.
  rknn-python = pkgs.runCommand "rknn-python" { meta.mainProgram = "rknn-python"; } ''
    mkdir -p $out/bin
    ln -s ${lib.getExe' cfg.python "python3"} $out/bin/rknn-python
  '';
in
{
  config = lib.mkIf cfg.usable {
    environment.systemPackages =
      lib.optional cfg.enableRuntime (lib.getLib cfg.runtimePackage)
      ++ lib.optional cfg.enableHeaders (lib.getDev cfg.runtimePackage)
      ++ lib.optional cfg.enableToolkitLite rknn-python
      ++ lib.optional cfg.enableTools cfg.toolsPackage
      ++ lib.optional (cfg.driver == "mainline") pkgs.rknn.ready;

    environment.pathsToLink = lib.mkIf cfg.enableHeaders [ "/include" ];

    programs.nix-ld.libraries = lib.mkIf (cfg.enableRuntime && config.programs.nix-ld.enable) [
      (lib.getLib cfg.runtimePackage)
    ];
  };
}
