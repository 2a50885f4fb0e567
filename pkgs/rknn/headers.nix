{
  lib,
  stdenvNoCC,
  sources,
  updateScript,
  release ? sources.defaults.runtime,
}:
stdenvNoCC.mkDerivation {
  pname = "rknn-headers";
  version = release;
  strictDeps = true;

  srcs = sources.fetchTexts release [
    "rknn_api.h"
    "rknn_matmul_api.h"
    "rknn_custom_op.h"
    "license"
  ];
  dontUnpack = true;
  installPhase = ''
    runHook preInstall
    for file in ''${srcs[@]}; do
      name=$(stripHash "$file")
      case $name in
        *.h) install -Dm644 "$file" "$out/include/$name" ;;
        *) install -Dm644 "$file" "$out/share/licenses/rknn/$name" ;;
      esac
    done
    runHook postInstall
  '';

  passthru = { inherit updateScript; };

  meta = {
    description = "C headers of Rockchip's NPU runtime";
    homepage = "https://github.com/airockchip/rknn-toolkit2";
    license = lib.licenses.unfree;
    platforms = lib.platforms.linux;
    maintainers = [ ];
  };
}
