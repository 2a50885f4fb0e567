{
  lib,
  stdenv,
  hooks,
  sources,
}:
stdenv.mkDerivation (finalAttrs: {
  pname = "rknn-simulator";
  # The release whose interface it has.
  version = sources.defaults.runtime;
  src = ./simulator;
  strictDeps = true;

  nativeBuildInputs = [ hooks.checkElfHook ];
  makeFlags = [
    "VERSION=${finalAttrs.version}"
    "PREFIX=${placeholder "out"}"
  ];
  enableParallelBuilding = true;

  checkElfFlags = [
    "--soname=librknnrt.so"
    "--version=${finalAttrs.version}"
    "--functions=${./simulator/exports.txt}"
  ];

  meta = {
    description = "Library with the interface of Rockchip's NPU runtime that loads models and computes nothing";
    license = lib.licenses.mit;
    platforms = lib.platforms.linux;
    maintainers = [ ];
  };
})
