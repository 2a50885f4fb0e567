{
  lib,
  symlinkJoin,
  benchmark,
  npu-load,
  ready,
}:
symlinkJoin {
  pname = "rknn-tools";
  inherit (benchmark) version;
  paths = [
    benchmark
    npu-load
    ready
  ];
  meta = {
    description = "Command-line tools for Rockchip's NPU";
    inherit (benchmark.meta) license platforms homepage;
    maintainers = [ ];
  };
}
