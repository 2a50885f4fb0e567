{ lib, python3Packages }:
python3Packages.buildPythonApplication {
  pname = "rknn-npu-load";
  inherit ((lib.importTOML ./npu-load/pyproject.toml).project) version;
  pyproject = true;
  src = ./npu-load;

  build-system = [ python3Packages.setuptools ];
  dependencies = [ python3Packages.rich ];
  pythonImportsCheck = [ "rknn_npu_load" ];

  meta = {
    description = "Shows the load and frequency of Rockchip's NPU";
    license = lib.licenses.mit;
    platforms = lib.platforms.linux;
    mainProgram = "rknn-npu-load";
    maintainers = [ ];
  };
}
