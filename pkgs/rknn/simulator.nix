{
  lib,
  stdenv,
  hooks,
  sources,
  testers,
  validatePkgConfig,
}:
stdenv.mkDerivation (finalAttrs: {
  pname = "rknn-simulator";
  # The release whose interface it has.
  version = sources.defaults.runtime;
  src = ./simulator;
  strictDeps = true;

  outputs = [
    "out"
    "dev"
  ];
  nativeBuildInputs = [
    hooks.checkElfHook
    hooks.linkFilesHook
    validatePkgConfig
  ];
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

  # The vendor's headers are unfree and a package of their own, rknn.headers.
  postInstall = "installLinkFiles";

  passthru.tests.pkg-config = testers.hasPkgConfigModules {
    package = finalAttrs.finalPackage;
    versionCheck = true;
  };

  meta = {
    pkgConfigModules = [ "rknnrt" ];
    description = "Library with the interface of Rockchip's NPU runtime that loads models and computes nothing";
    license = lib.licenses.mit;
    platforms = [
      "aarch64-linux"
      "x86_64-linux"
    ];
    maintainers = [ ];
  };
})
