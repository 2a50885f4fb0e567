{ lib, python3Packages }:
python3Packages.buildPythonApplication {
  pname = "rknn-ready";
  inherit ((lib.importTOML ./ready/pyproject.toml).project) version;
  pyproject = true;
  src = ./ready;

  build-system = [ python3Packages.setuptools ];
  pythonImportsCheck = [ "rknn_ready" ];

  meta = {
    description = "Says whether Rockchip's NPU can be used, by which node, driver and library";
    license = lib.licenses.mit;
    platforms = lib.platforms.linux;
    mainProgram = "rknn-ready";
    maintainers = [ ];
  };
}
