{
  lib,
  toolkit,
  # What else the toolkit may import: tensorflow for TensorFlow and TFLite models, onnxscript for scripted TorchScript ones.
  extraPythonPackages ? _: [ ],
}:
let
  # The toolkit is imported by the Python that runs the command.
  pythonPackages = toolkit.pythonModule.pkgs;
in
pythonPackages.buildPythonApplication {
  pname = "rknn-convert";
  inherit ((lib.importTOML ./convert/pyproject.toml).project) version;
  pyproject = true;
  src = ./convert;

  build-system = [ pythonPackages.setuptools ];
  dependencies = [
    pythonPackages.rich
    toolkit
  ]
  ++ extraPythonPackages pythonPackages;
  pythonImportsCheck = [
    "rknn_convert.cli"
    "rknn_convert.worker"
  ];

  passthru = { inherit toolkit; };

  meta = {
    description = "Converts models to Rockchip's .rknn, says what such a file holds, and compares the two";
    license = lib.licenses.mit;
    # Those of the toolkit.
    inherit (toolkit.meta) platforms;
    mainProgram = "rknn-convert";
    maintainers = [ ];
  };
}
