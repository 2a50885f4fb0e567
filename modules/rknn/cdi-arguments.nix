# What rknn-cdi is told, whether it looks at the machine or not.
{
  config,
  lib,
  pkgs,
}:
let
  cfg = config.mySystem.rknn;
  inherit (cfg) cdi;
  library = "${lib.getLib cfg.runtimePackage}/lib/librknnrt.so";
  closure = pkgs.closureInfo { rootPaths = [ (lib.getLib cfg.runtimePackage) ]; };
  # The default is a heap that is given where it exists; naming heaps asks for them.
  heaps =
    if cdi.dmaHeaps == [ ] then
      [ "--no-dma-heaps" ]
    else if cdi.dmaHeaps == [ "system" ] then
      [ ]
    else
      map (heap: "--dma-heap=${heap}") cdi.dmaHeaps;
in
{
  # The runtime library that containers get.
  library = if cdi.library == "vendor" then "${cfg.runtimePackage.vendorLibrary}" else library;
  common =
    lib.optionals (cdi.library == "vendor") [ "--library=${cfg.runtimePackage.vendorLibrary}" ]
    ++ lib.optionals (cdi.library == "store") [
      "--library=${library}"
      "--closure=${closure}/store-paths"
    ]
    ++ lib.optionals (cdi.library != "none") (map (path: "--library-path=${path}") cdi.libraryPaths)
    ++ lib.optional (!cdi.additionalGids) "--without-gids"
    ++ [ "--render-node=${cdi.renderNode}" ]
    ++ heaps
    ++ map (node: "--node=${node}") cdi.extraNodes;
}
