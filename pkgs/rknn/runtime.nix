{
  lib,
  buildPrebuilt,
  headers,
  hooks,
  sources,
  testers,
  updateScript,
  validatePkgConfig,
  release ? sources.defaults.runtime,
}:
let
  releaseHeaders = headers.override { inherit release; };
in
buildPrebuilt (finalAttrs: {
  pname = "rknn-runtime";
  version = release;

  src = sources.fetch {
    inherit release;
    component = "librknnrt";
    arch = "aarch64";
  };
  outputs = [
    "out"
    "dev"
  ];
  nativeBuildInputs = [
    hooks.linkFilesHook
    validatePkgConfig
  ];

  checkElfFlags = [
    "--soname=librknnrt.so"
    "--version=${release}"
    "--header=${releaseHeaders}/include/rknn_api.h"
    "--header=${releaseHeaders}/include/rknn_matmul_api.h"
    "--header=${releaseHeaders}/include/rknn_custom_op.h"
    # declared in the headers, missing in the libraries seen (1.4.0, 1.6.0, librknnmrt 2.3.2); Rockchip's reference marks it unsupported on every SoC
    "--lacking=rknn_create_mem_from_mb_blk"
  ];

  installPhase = ''
    runHook preInstall
    install -Dm755 "$src" "$out/lib/librknnrt.so"
    install -Dm644 ${releaseHeaders}/include/*.h -t "$dev/include"
    install -Dm644 ${releaseHeaders}/share/licenses/rknn/LICENSE -t "$out/share/licenses/rknn-runtime"
    installLinkFiles "$dev/include"
    runHook postInstall
  '';

  passthru = {
    inherit updateScript;
    # As Rockchip ships it, for containers whose image has a C library of its own.
    vendorLibrary = finalAttrs.src;
    # The RK35 series that the SDK's README lists, the same for each release pinned.
    socs = [
      "rk3562"
      "rk3566"
      "rk3568"
      "rk3576"
      "rk3588"
    ];
    tests.pkg-config = testers.hasPkgConfigModules {
      package = finalAttrs.finalPackage;
      # By its name flake.nix knows what is ours, and the test has the package's licence.
      testName = "rknn-runtime-pkg-config";
      versionCheck = true;
    };
  };

  meta = {
    description = "Runtime library of Rockchip's NPU (librknnrt)";
    changelog = "https://github.com/airockchip/rknn-toolkit2/blob/master/CHANGELOG.md";
    pkgConfigModules = [ "rknnrt" ];
  };
})
