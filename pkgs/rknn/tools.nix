{
  lib,
  symlinkJoin,
  benchmark,
  npu-load,
}:
symlinkJoin {
  pname = "rknn-tools";
  inherit (benchmark) version;
  paths = [
    benchmark
    npu-load
  ];
  meta = {
    description = "Command-line tools for Rockchip's NPU";
    inherit (benchmark.meta) license platforms homepage;
    maintainers = [ ];
  };
}
