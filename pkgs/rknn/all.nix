{
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
    runtime.dev
    toolkit-lite
    tools
  ];
  meta = {
    description = "Rockchip's NPU runtime, headers, Python binding and tools in one tree";
    inherit (runtime.meta) license platforms homepage sourceProvenance;
    maintainers = [ ];
  };
}
