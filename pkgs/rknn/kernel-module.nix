# rknpu.ko for a mainline kernel: pkgs.rknn.kernelModuleFor config.boot.kernelPackages. w568w's port of Rockchip's driver as it
# is upstream, with what kernel-module/ puts around it: the interfaces of other kernels, and checks of what users ask for.
{
  lib,
  stdenv,
  kernel,
  kernelModuleMakeFlags,
  runCommand,
  hooks,
  sources,
  release ? sources.defaults.driver,
  # Whether to build for kernels above kernels.newest, which nobody has compiled it for.
  allowNewerKernel ? false,
}:
let
  # What it was compiled for. The nodes that the overlays of device-tree/ take hold of are there from 6.18 on.
  kernels = {
    oldest = "6.12";
    newest = "7.3";
  };
  build = "${kernel.dev}/lib/modules/${kernel.modDirVersion}/build";

  refusal =
    if lib.versionOlder kernel.version kernels.oldest then
      "rknpu: Linux ${kernel.version} is older than ${kernels.oldest}, the first that the driver is for; take a newer boot.kernelPackages, or a vendor kernel, which has the driver itself (mySystem.rknn.driver = \"kernel\")"
    else if
      !allowNewerKernel && lib.versionOlder kernels.newest (lib.versions.majorMinor kernel.version)
    then
      "rknpu: Linux ${kernel.version} is newer than ${kernels.newest}, the last that the driver was compiled for; take an older boot.kernelPackages, or try it: mySystem.rknn.driverPackage = (pkgs.rknn.kernelModuleFor config.boot.kernelPackages).override { allowNewerKernel = true; }"
    else
      null;
in
stdenv.mkDerivation {
  pname = "rknpu";
  version = "${release}-${lib.throwIf (refusal != null) refusal kernel.version}";

  # The driver alone, at the paths it has upstream.
  src = runCommand "rknpu-source-${release}" { } (
    lib.concatStringsSep "" (
      lib.mapAttrsToList (path: file: "install -D -m 644 ${file} $out/${path}\n") (
        sources.fetchTree release
      )
    )
  );

  nativeBuildInputs = kernel.moduleBuildDependencies ++ [ hooks.checkModuleHook ];
  hardeningDisable = [ "pic" ];
  enableParallelBuilding = true;

  preConfigure = ''
    cp -r --no-preserve=mode ${./kernel-module}/. .
  '';

  makeFlags = kernelModuleMakeFlags ++ [
    "--directory=${build}"
    "M=$(PWD)"
  ];
  # __FILE__ and the build id tell the folder.
  preBuild = ''
    appendToVar makeFlags "KCFLAGS=-ffile-prefix-map=$PWD=."
  '';
  buildFlags = [ "modules" ];
  postBuild = "checkModule \${checkModuleFlags[*]-} rknpu.ko";
  installFlags = [
    "INSTALL_MOD_PATH=${placeholder "out"}"
    # Kernels that compress their modules leave nothing for the fixup to strip.
    "INSTALL_MOD_STRIP=1"
  ];
  installTargets = [ "modules_install" ];

  checkModuleFlags = [
    "--kernel=${kernel.modDirVersion}"
    "--version=${release}"
    "--compatible=rockchip,rk3588-rknpu"
    # Where DRM is a module; CMA and sync_file can't be modules.
    "--depends-at-most=drm"
    # modpost only warns of undefined symbols where it finds no Module.symvers.
    "--symvers=${build}/Module.symvers"
  ];

  passthru = {
    inherit kernels refusal;
    inherit (kernel) modDirVersion;
    inherit (sources.releases.${release}) rev;
  };

  meta = {
    description = "Rockchip's NPU driver for mainline kernels";
    homepage = "https://github.com/w568w/rknpu-module";
    license = lib.licenses.gpl2Only;
    platforms = [ "aarch64-linux" ];
    maintainers = [ ];
  };
}
