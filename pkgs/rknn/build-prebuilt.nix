# The one builder for the vendor's ELF files: checked before anything touches them, patched, checked again, never stripped.
#
# Takes mkDerivation's arguments, and checkElfFlags: what hooks/check_elf.py holds $src and the installed file against.
{
  lib,
  stdenv,
  stdenvNoCC,
  autoPatchelfHook,
  hooks,
}:
fnOrAttrs:
stdenvNoCC.mkDerivation (
  finalAttrs:
  let
    args = lib.toFunction fnOrAttrs finalAttrs;
  in
  {
    strictDeps = true;
    dontUnpack = true;
    dontConfigure = true;
    # autoPatchelfHook brings bintools, and with it a strip that rewrites the vendor's sections.
    dontStrip = true;

    buildPhase = ''
      runHook preBuild
      checkElf ''${checkElfFlags[*]-} "$src"
      runHook postBuild
    '';

    # A cross compiler keeps libstdc++ and libgcc_s below lib/ of a folder named after the target.
    preFixup = ''
      for dir in ${lib.getLib stdenv.cc.cc}/*/lib; do
        if [ -d "$dir" ]; then addAutoPatchelfSearchPath "$dir"; fi
      done
    '';
  }
  // args
  // {
    nativeBuildInputs = [
      autoPatchelfHook
      hooks.checkElfHook
    ]
    ++ args.nativeBuildInputs or [ ];
    buildInputs = [ (lib.getLib stdenv.cc.cc) ] ++ args.buildInputs or [ ];

    meta = {
      homepage = "https://github.com/airockchip/rknn-toolkit2";
      # Rockchip's licence speaks of use and warranty; it does not permit modified copies, which patchelf makes.
      license = lib.licenses.unfree;
      sourceProvenance = [ lib.sourceTypes.binaryNativeCode ];
      platforms = [ "aarch64-linux" ];
      maintainers = [ ];
    }
    // args.meta;
  }
)
