{
  lib,
  autoPatchelfHook,
  buildPythonPackage,
  hooks,
  numpy,
  numpy_1,
  psutil,
  python,
  ruamel-yaml,
  runtime,
  sources,
  updateScript,
  release ? sources.defaults.toolkit-lite,
}:
let
  file = {
    inherit release;
    component = "rknn-toolkit-lite2";
    arch = "aarch64";
  };
  tag = "cp${lib.replaceStrings [ "." ] [ "" ] python.pythonVersion}";
  tags = sources.pythons file;
  pythonOf = lib.replaceStrings [ "cp3" ] [ "3." ];
  attrOf = lib.replaceStrings [ "cp" ] [ "python" ];
  # numpy 2.5 has no Python 3.11 any more: "numpy-2.5.0 … requires Python >=3.12".
  numpyForPython =
    if lib.versionOlder python.pythonVersion "3.12" && lib.versionAtLeast numpy.version "2.5" then
      numpy_1
    else
      numpy;
in
lib.throwIfNot (python.implementation == "cpython" && lib.elem tag tags)
  "rknn-toolkit-lite2 ${release}: Rockchip has no wheel for ${python.implementation} ${python.pythonVersion}, only for cpython ${
    lib.concatMapStringsSep ", " pythonOf tags
  }; use ${attrOf (lib.last tags)}Packages.rknn-toolkit-lite2"
  (buildPythonPackage {
    pname = "rknn-toolkit-lite2";
    version = release;
    format = "wheel";

    src = sources.fetch (file // { python = tag; });

    nativeBuildInputs = [
      autoPatchelfHook
      hooks.checkElfHook
      hooks.patchRknnliteHook
    ];
    dependencies = [
      numpyForPython
      psutil
      ruamel-yaml
    ];

    rknnPythonTag = tag;
    rknnRuntimeLibrary = "${lib.getLib runtime}/lib/librknnrt.so";
    # The compiled modules stay as Rockchip shipped them.
    dontStrip = true;

    pythonImportsCheck = [ "rknnlite.api" ];
    # The wheel has no tests; what it does on a board is shown in tests/board.
    doCheck = false;

    passthru = { inherit runtime updateScript; };

    meta = {
      description = "Python binding to Rockchip's NPU runtime (rknnlite)";
      homepage = "https://github.com/airockchip/rknn-toolkit2/tree/master/rknn-toolkit-lite2";
      downloadPage = "https://pypi.org/project/rknn-toolkit-lite2/";
      license = lib.licenses.unfree;
      sourceProvenance = [ lib.sourceTypes.binaryNativeCode ];
      platforms = [ "aarch64-linux" ];
      maintainers = [ ];
    };
  })
