{
  lib,
  stdenv,
  autoPatchelfHook,
  buildPythonPackage,
  fast-histogram,
  flatbuffers,
  hooks,
  numpy,
  onnx,
  onnxruntime,
  opencv-python,
  protobuf,
  psutil,
  python,
  ruamel-yaml,
  scipy,
  sources,
  # Gigabytes that only TorchScript models need: null leaves it out.
  torch,
  tqdm,
  updateScript,
  # A runtime loads what its own release has made; not always what a later one has.
  release ? sources.defaults.runtime,
}:
let
  file = {
    inherit release;
    component = "rknn-toolkit2";
    arch = stdenv.hostPlatform.parsed.cpu.name;
  };
  tag = "cp${lib.replaceStrings [ "." ] [ "" ] python.pythonVersion}";
  tags = sources.pythons file;
  pythonOf = lib.replaceStrings [ "cp3" ] [ "3." ];
  attrOf = lib.replaceStrings [ "cp" ] [ "python" ];
in
lib.throwIf (tags == [ ])
  "rknn-toolkit2 ${release}: Rockchip has no wheel for ${file.arch}, only for aarch64 and x86_64"
  lib.throwIfNot
  (python.implementation == "cpython" && lib.elem tag tags)
  "rknn-toolkit2 ${release}: Rockchip has no wheel for ${python.implementation} ${python.pythonVersion}, only for cpython ${
    lib.concatMapStringsSep ", " pythonOf tags
  }; use ${attrOf (lib.last tags)}Packages.rknn-toolkit2"
  (buildPythonPackage {
    pname = "rknn-toolkit2";
    version = release;
    format = "wheel";

    src = sources.fetch (file // { python = tag; });

    nativeBuildInputs = [
      autoPatchelfHook
      hooks.checkElfHook
      hooks.patchToolkitHook
    ];
    # librknnc.so and two more are C++.
    buildInputs = [ (lib.getLib stdenv.cc.cc) ];
    # flatbuffers is not in the wheel's list, and imported.
    dependencies = [
      fast-histogram
      flatbuffers
      numpy
      onnx
      onnxruntime
      opencv-python
      protobuf
      psutil
      ruamel-yaml
      scipy
      tqdm
    ]
    ++ lib.optional (torch != null) torch;

    rknnPythonTag = tag;
    rknnWithout = lib.optional (torch == null) "torch";
    # The compiled modules stay as Rockchip shipped them.
    dontStrip = true;

    # onnxruntime cannot be imported in a sandbox on aarch64: it looks for /sys/devices/system/cpu.
    pythonImportsCheck = lib.optional (file.arch == "x86_64") "rknn.api";
    # The wheel has no tests; conversions are shown in tests/build.
    doCheck = false;

    passthru = { inherit updateScript; };

    meta = {
      description = "Rockchip's converter of neural networks for its NPU";
      longDescription = ''
        Converts ONNX, TorchScript, Caffe and Darknet models to .rknn, and TFLite and TensorFlow ones where tensorflow is beside it; runs
        them in a simulator.
        Rockchip's adb and rknn_crypt_tool are left out, so models cannot be run on a board over USB or encrypted with it.
      '';
      homepage = "https://github.com/airockchip/rknn-toolkit2";
      downloadPage = "https://pypi.org/project/rknn-toolkit2/";
      license = lib.licenses.unfree;
      sourceProvenance = [ lib.sourceTypes.binaryNativeCode ];
      platforms = [
        "aarch64-linux"
        "x86_64-linux"
      ];
      maintainers = [ ];
    };
  })
