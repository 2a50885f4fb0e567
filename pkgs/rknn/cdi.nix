{
  lib,
  python3Packages,
  ready,
}:
python3Packages.buildPythonApplication {
  pname = "rknn-cdi";
  inherit ((lib.importTOML ./cdi/pyproject.toml).project) version;
  pyproject = true;
  src = ./cdi;

  build-system = [ python3Packages.setuptools ];
  # The program that says whether the NPU is ready knows how to find it.
  dependencies = [ (python3Packages.toPythonModule ready) ];
  pythonImportsCheck = [ "rknn_cdi" ];

  meta = {
    description = "Describes Rockchip's NPU to container engines, by the Container Device Interface";
    license = lib.licenses.mit;
    platforms = lib.platforms.linux;
    mainProgram = "rknn-cdi";
    maintainers = [ ];
  };
}
