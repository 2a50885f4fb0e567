# pkgs.rknn, the same packages flat as pkgs.rknn-*, the binding and the converter in every Python's package set.
final: prev: {
  rknn = final.callPackage ../pkgs/rknn { };

  rknn-cdi = final.rknn.cdi;
  rknn-convert = final.rknn.convert;
  rknn-device-plugin = final.rknn.device-plugin;
  rknn-npu-load = final.rknn.npu-load;
  rknn-oci-image = final.rknn.oci-image;
  rknn-ready = final.rknn.ready;
  rknn-runtime = final.rknn.runtime;
  rknn-simulator = final.rknn.simulator;
  rknn-toolkit = final.rknn.toolkit;
  rknn-toolkit-lite = final.rknn.toolkit-lite;
  rknn-tools = final.rknn.tools;

  pythonPackagesExtensions = prev.pythonPackagesExtensions ++ [
    (pythonFinal: _: {
      rknn-toolkit-lite2 = final.rknn.toolkitLiteFor pythonFinal;
      rknn-toolkit2 = final.rknn.toolkitFor pythonFinal;
    })
  ];
}
