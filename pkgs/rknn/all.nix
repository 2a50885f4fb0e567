{
  lib,
  symlinkJoin,
  runtime,
  toolkit-lite,
  tools,
}:
symlinkJoin {
  pname = "rknn";
  inherit (runtime) version;
  paths = [
    runtime
    (lib.getDev runtime)
    (toolkit-lite.pythonModule.withPackages (_: [ toolkit-lite ]))
    tools
  ];
  # It says what to propagate for one of the packages only.
  postBuild = "rm -rf $out/nix-support";
  meta = {
    description = "Rockchip's NPU runtime, headers and tools, and a Python with the binding, in one tree";
    inherit (toolkit-lite.meta)
      license
      platforms
      homepage
      sourceProvenance
      ;
    maintainers = [ ];
  };
}
