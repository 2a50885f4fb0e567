{
  lib,
  buildPrebuilt,
  headers,
  sources,
  testers,
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
  nativeBuildInputs = [ validatePkgConfig ];

  checkElfFlags = [
    "--soname=librknnrt.so"
    "--version=${release}"
    "--header=${releaseHeaders}/include/rknn_api.h"
    "--header=${releaseHeaders}/include/rknn_matmul_api.h"
    "--header=${releaseHeaders}/include/rknn_custom_op.h"
  ];

  installPhase = ''
    runHook preInstall
    install -Dm755 "$src" "$out/lib/librknnrt.so"
    install -Dm644 ${releaseHeaders}/include/*.h -t "$dev/include"
    install -Dm644 ${releaseHeaders}/share/licenses/rknn/LICENSE -t "$out/share/licenses/rknn-runtime"

    install -Dm644 ${./runtime/rknnrt.pc} "$dev/lib/pkgconfig/rknnrt.pc"
    install -Dm644 ${./runtime/rknnrt-config.cmake} "$dev/lib/cmake/rknnrt/rknnrt-config.cmake"
    install -Dm644 ${./runtime/rknnrt-config-version.cmake} "$dev/lib/cmake/rknnrt/rknnrt-config-version.cmake"
    for file in "$dev/lib/pkgconfig/rknnrt.pc" "$dev/lib/cmake/rknnrt/"*.cmake; do
      sed -i -e "s|@out@|$out|g" -e "s|@dev@|$dev|g" -e "s|@version@|$version|g" "$file"
    done
    runHook postInstall
  '';

  passthru = {
    tests.pkg-config = testers.hasPkgConfigModules { package = finalAttrs.finalPackage; };
  };

  meta = {
    description = "Runtime library of Rockchip's NPU (librknnrt)";
    changelog = "https://github.com/airockchip/rknn-toolkit2/blob/master/CHANGELOG.md";
    pkgConfigModules = [ "rknnrt" ];
  };
})
