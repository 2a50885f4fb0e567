# linuxPackagesFor without nixpkgs: of a kernel there are Debian's `headers`, in a tarball, and the compiler is the machine's.
# `release` is what `uname -r` says, and `modDirVersion` what the package set believes that it does.
{
  pkgs,
  headers,
  release,
  modDirVersion ? release,
}:
let
  inherit (pkgs) lib stdenv;
  version = lib.head (builtins.match "([0-9.]*[0-9]).*" modDirVersion);

  # Those for all processors, those for this one, and the programs that builds run.
  unpacked = pkgs.runCommand "linux-headers" { tarball = "${headers}"; } ''
    mkdir $out
    tar --extract --file=$tarball --directory=$out
  '';
  dev = pkgs.runCommand "linux-${version}-dev" { } ''
    mkdir -p $out/lib/modules/${modDirVersion}
    ln -s ${unpacked}/usr/src/linux-headers-${release} $out/lib/modules/${modDirVersion}/build
  '';

  kernel = {
    inherit
      dev
      modDirVersion
      version
      ;
    moduleBuildDependencies = [ ];
    kernelOlder = lib.versionOlder version;
    kernelAtLeast = lib.versionAtLeast version;
    commonMakeFlags = [
      "ARCH=arm64"
      "CROSS_COMPILE=aarch64-linux-gnu-"
    ];
  };
in
lib.makeScope pkgs.newScope (_: {
  inherit kernel;
  kernelModuleMakeFlags = kernel.commonMakeFlags ++ [
    "KBUILD_OUTPUT=${dev}/lib/modules/${modDirVersion}/build"
  ];

  # With the phases that make modules: those of ../hostpkgs/setup.sh look for a Makefile.
  stdenv = stdenv // {
    mkDerivation =
      fnOrAttrs:
      stdenv.mkDerivation (
        finalAttrs:
        {
          buildPhase = ''
            runHook preBuild
            make -j''${NIX_BUILD_CORES:-1} ''${makeFlags[*]} $buildFlags
            runHook postBuild
          '';
          installPhase = ''
            runHook preInstall
            make ''${makeFlags[*]} $installFlags $installTargets
            runHook postInstall
          '';
        }
        // lib.toFunction fnOrAttrs finalAttrs
      );
  };
})
