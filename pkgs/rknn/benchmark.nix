{
  lib,
  stdenv,
  headers,
  runtime,
  sources,
  updateScript,
  release ? runtime.version,
}:
stdenv.mkDerivation {
  pname = "rknn-benchmark";
  version = release;
  strictDeps = true;

  srcs = sources.fetchTexts release [
    "rknn_benchmark.cpp"
    "cnpy.cpp"
    "cnpy.h"
    "stb_image.h"
    "stb_image_resize.h"
  ];
  buildInputs = [
    (headers.override { inherit release; })
    runtime
  ];

  # As upstream's tree has them, for its #include lines.
  unpackPhase = ''
    runHook preUnpack
    mkdir -p src/cnpy src/stb
    for file in ''${srcs[@]}; do
      name=$(stripHash "$file")
      case $name in
        cnpy.*) cp "$file" "src/cnpy/$name" ;;
        stb_*) cp "$file" "src/stb/$name" ;;
        *) cp "$file" "src/$name" ;;
      esac
    done
    cd src
    runHook postUnpack
  '';
  buildPhase = ''
    runHook preBuild
    $CXX -std=c++14 -O2 -I. rknn_benchmark.cpp cnpy/cnpy.cpp -lrknnrt -o rknn_benchmark
    runHook postBuild
  '';
  installPhase = ''
    runHook preInstall
    install -Dm755 rknn_benchmark -t "$out/bin"
    runHook postInstall
  '';

  passthru = { inherit updateScript; };

  meta = {
    description = "Measures how fast a model runs on Rockchip's NPU";
    homepage = "https://github.com/airockchip/rknn-toolkit2/tree/master/rknpu2/examples/rknn_benchmark";
    # Its own file, cnpy and stb, and Rockchip's headers.
    license = [
      lib.licenses.asl20
      lib.licenses.mit
      lib.licenses.unfree
    ];
    platforms = [ "aarch64-linux" ];
    mainProgram = "rknn_benchmark";
    maintainers = [ ];
  };
}
