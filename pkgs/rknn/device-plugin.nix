{
  lib,
  python3Packages,
  ready,
  cdi,
}:
python3Packages.buildPythonApplication {
  pname = "rknn-device-plugin";
  inherit ((lib.importTOML ./device-plugin/pyproject.toml).project) version;
  pyproject = true;
  src = ./device-plugin;

  build-system = [ python3Packages.setuptools ];
  dependencies = [
    python3Packages.grpcio
    python3Packages.protobuf
    (python3Packages.toPythonModule ready)
    (python3Packages.toPythonModule cdi)
  ];
  pythonImportsCheck = [ "rknn_device_plugin.cli" ];

  meta = {
    description = "Kubernetes device plugin that hands out the cores of Rockchip's NPU";
    license = lib.licenses.mit;
    platforms = lib.platforms.linux;
    mainProgram = "rknn-device-plugin";
    maintainers = [ ];
  };
}
