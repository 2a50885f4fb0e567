# rknpu.ko of tests/board/driver for the VM's own kernel: `config.boot.kernelPackages.callPackage ./driver.nix { }`.
{
  lib,
  stdenv,
  kernel,
  kernelModuleMakeFlags,
}:
stdenv.mkDerivation {
  pname = "rknpu-pretend";
  version = "0.9.8-${kernel.version}";
  src = ../../board/driver;

  nativeBuildInputs = kernel.moduleBuildDependencies;
  hardeningDisable = [
    "format"
    "pic"
  ];
  makeFlags = kernelModuleMakeFlags ++ [
    "--directory=${kernel.dev}/lib/modules/${kernel.modDirVersion}/build"
    "M=$(PWD)"
  ];
  buildFlags = [ "modules" ];
  installPhase = ''
    runHook preInstall
    install -D -m 444 rknpu.ko $out/lib/modules/${kernel.modDirVersion}/extra/rknpu.ko
    runHook postInstall
  '';

  meta = {
    description = "Pretend NPU driver for tests: the nodes and answers of rknpu, and no hardware";
    license = lib.licenses.gpl2Only;
    platforms = lib.platforms.linux;
    maintainers = [ ];
  };
}
