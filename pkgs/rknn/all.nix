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
    toolkit-lite
    tools
  ];
  meta = {
    description = "Rockchip's NPU runtime, headers, Python binding and tools in one tree";
    inherit (toolkit-lite.meta)
      license
      platforms
      homepage
      sourceProvenance
      ;
    maintainers = [ ];
  };
}
