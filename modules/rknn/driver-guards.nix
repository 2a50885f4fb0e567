# A driver that can't work is refused at evaluation, with what was found and what to write.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.mySystem.rknn;
  inherit (config) boot;
  inherit (cfg) driver;
  inherit (boot.kernelPackages) kernel;
  inherit (pkgs.rknn.deviceTree) boards unserved;
  names = lib.concatStringsSep ", ";

  # Rockchip's own kernels are 4.19, 5.10, 6.1 and 6.6, from git; those from kernel.org have no rknpu, and rocket from 6.18 on.
  isMainline =
    lib.versionAtLeast kernel.version "6.7"
    || lib.any (url: lib.hasPrefix "mirror://kernel/" url || lib.hasInfix "kernel.org/" url) (
      kernel.src.urls or [ ]
    );
  describesNpu = lib.versionAtLeast kernel.version "6.18";
  # Features reach kernels that nixpkgs configures; of a manual one the configuration is known if it is a file.
  hasRknpu =
    kernel.features.rknpu or false
    || lib.any (patch: patch.features.rknpu or false) boot.kernelPatches
    || (kernel.config.isEnabled or (_: false)) "ROCKCHIP_RKNPU";
  # Which of these lists has the module; null for none.
  loading =
    module:
    if lib.elem module boot.kernelModules then
      "boot.kernelModules"
    else if lib.elem module boot.initrd.kernelModules then
      "boot.initrd.kernelModules"
    else
      null;
  isBlacklisted = module: lib.elem module boot.blacklistedKernelModules;

  # The name of the module that is wanted, and of the one that would take the hardware from it.
  wanted = if driver == "mainline" then "rocket" else "rknpu";
  other = if driver == "mainline" then "rknpu" else "rocket";

  # Why the driver's package is not for this kernel; what it says when it is built.
  refusal = cfg.driverPackage.refusal or null;

  needsRuntime = lib.filter (name: cfg.${name}) [
    "enableRuntime"
    "enableHeaders"
    "enableToolkitLite"
    "enableTools"
    "linkUsrLib"
  ];
  hasDevfreq = lib.any (limit: limit != null) (lib.attrValues cfg.devfreq);
  tree = cfg.deviceTree;
  isKnown = tree.board != null && boards ? ${tree.board};
  dtb = config.hardware.deviceTree.name;
  dtbBoards = lib.attrNames (lib.filterAttrs (_: board: board.dtb == dtb) boards);
  isUnserved = dtb != null && unserved ? ${dtb};
  cmas = lib.filter (lib.hasPrefix "cma=") boot.kernelParams;

  anyGuards = [
    {
      assertion = driver == "none" || loading other == null;
      message = "driver is \"${driver}\", and ${toString (loading other)} has ${other}, which takes the NPU from ${wanted}; take ${other} out, or write driver = \"none\"";
    }
    {
      assertion = driver != "none" || loading "rknpu" == null || loading "rocket" == null;
      message = "boot.kernelModules has rknpu and rocket, which fight over the same hardware; take one of them out";
    }
    {
      assertion = driver == "none" || !isBlacklisted wanted;
      message = "driver is \"${driver}\", and boot.blacklistedKernelModules has ${wanted}; take it out, or write driver = \"none\"";
    }
    {
      assertion = driver == "kernel" || !hasDevfreq;
      message = "devfreq is for driver = \"kernel\", and driver is \"${driver}\"; take devfreq out";
    }
    {
      assertion =
        cfg.devfreq.minFrequency == null
        || cfg.devfreq.maxFrequency == null
        || cfg.devfreq.minFrequency <= cfg.devfreq.maxFrequency;
      message = "devfreq.minFrequency is ${toString cfg.devfreq.minFrequency}, above devfreq.maxFrequency, which is ${toString cfg.devfreq.maxFrequency}; write them the other way round";
    }
    {
      assertion = cfg.clock.frequency == 200;
      message = "clock.frequency is ${toString cfg.clock.frequency}: ${
        if driver == "kernel" then
          "it is not for driver = \"kernel\"; write devfreq.maxFrequency"
        else
          "above 200 MHz the board can hang before the driver starts, and below the firmware has none; take it out"
      }";
    }
    {
      assertion = driver == "module" || cfg.driverPackage == null;
      message = "driverPackage is set, and driver is \"${driver}\"; write driver = \"module\", or take driverPackage out";
    }
    {
      assertion =
        !tree.enable
        || lib.elem driver [
          "module"
          "none"
        ];
      message = "deviceTree.enable is true, and driver is \"${driver}\", which has the kernel's own device tree; write driver = \"module\", or take deviceTree.enable out";
    }
  ];

  kernelGuards = [
    {
      assertion = hasRknpu || !isMainline;
      message = "driver is \"kernel\", and kernel ${kernel.version} is a mainline kernel, which has no rknpu (Rockchip's 5.10, 6.1 and 6.6 have); write driver = \"module\" for the driver outside of the kernel, or \"mainline\" for Mesa on rocket. If a patch of yours adds it: boot.kernelPatches = [ { name = \"rknpu\"; patch = null; features.rknpu = true; } ]";
    }
  ];

  moduleGuards = [
    {
      assertion = hasRknpu || refusal == null;
      message = toString refusal;
    }
    {
      assertion = (cfg.driverPackage.modDirVersion or kernel.modDirVersion) == kernel.modDirVersion;
      message = "driverPackage is for kernel ${
        cfg.driverPackage.modDirVersion or ""
      }, and boot.kernelPackages has ${kernel.modDirVersion}; write driverPackage = pkgs.rknn.kernelModuleFor config.boot.kernelPackages";
    }
    {
      assertion = !hasRknpu;
      message = "driver is \"module\", and kernel ${kernel.version} has rknpu of its own (features.rknpu); write driver = \"kernel\"";
    }
    {
      assertion =
        cfg.driverPackage != null
        || lib.any (package: lib.hasInfix "rknpu" (lib.getName package)) boot.extraModulePackages;
      message = "driver is \"module\", and neither driverPackage nor boot.extraModulePackages has it; take driverPackage = null out, or write the package that has rknpu.ko for kernel ${kernel.version}";
    }
  ];

  mainlineGuards = [
    {
      assertion = needsRuntime == [ ];
      message = "driver is \"mainline\", whose rocket librknnrt can't use, and ${names needsRuntime} ${
        if lib.length needsRuntime == 1 then "is" else "are"
      } true; take that out and use Mesa's Teflon (teflonLibrary), or write another driver";
    }
    {
      assertion = cfg.soc == "rk3588";
      message = "driver is \"mainline\", and soc is ${cfg.soc}: rocket serves rk3588 only; write another driver";
    }
    {
      assertion = describesNpu;
      message = "driver is \"mainline\", and kernel ${kernel.version} has no rocket, which came with Linux 6.18; write boot.kernelPackages = pkgs.linuxPackages_6_18, or driver = \"kernel\" where it has rknpu";
    }
  ];

  treeGuards = [
    {
      assertion = describesNpu;
      message = "deviceTree.enable is true, and the device trees of kernel ${kernel.version} have no NPU: they do from 6.18 on; write boot.kernelPackages = pkgs.linuxPackages_6_18, or deviceTree.enable = false and a device tree of your own";
    }
    {
      assertion = isKnown && !isUnserved;
      message =
        if isUnserved then
          "deviceTree.enable is true, and ${dtb} can't be changed for rknpu: ${unserved.${dtb}}; write another driver, or deviceTree.enable = false and a device tree of your own"
        else if tree.board == null then
          "deviceTree.enable needs to know the board, and hardware.deviceTree.name is ${
            if dtb == null then "not set" else dtb
          }; write deviceTree.board, a name in pkgs.rknn.deviceTree.boards such as orangepi-5-plus"
        else
          "deviceTree.board is ${tree.board}; write one of ${names (lib.attrNames boards)}";
    }
    {
      assertion = config.hardware.deviceTree.enable;
      message = "deviceTree.enable is true, and hardware.deviceTree.enable is false, so that no overlay is applied; take one of them out";
    }
    {
      assertion = cfg.soc == "rk3588";
      message = "deviceTree.enable is true, and soc is ${cfg.soc}; its boards are those with rk3588: write deviceTree.enable = false and a device tree of your own";
    }
    {
      assertion = !isKnown || dtb == null || dtbBoards == [ ] || lib.elem tree.board dtbBoards;
      message = "deviceTree.board is ${toString tree.board}, and hardware.deviceTree.name is ${toString dtb}, of ${names dtbBoards}; take one of them out";
    }
    {
      assertion =
        !isKnown || !describesNpu || lib.versionAtLeast kernel.version boards.${tree.board}.since;
      message = "deviceTree.board is ${toString tree.board}, whose device tree came with Linux ${
        boards.${toString tree.board}.since
      }, and the kernel is ${kernel.version}; write a newer boot.kernelPackages";
    }
    {
      assertion = tree.cma == null || lib.length cmas < 2;
      message = "boot.kernelParams has ${names cmas}; write deviceTree.cma, or deviceTree.cma = null to leave it to boot.kernelParams";
    }
  ];

  guards =
    anyGuards
    ++ lib.optionals (driver == "kernel") kernelGuards
    ++ lib.optionals (driver == "module") moduleGuards
    ++ lib.optionals (driver == "mainline") mainlineGuards
    ++ lib.optionals tree.enable treeGuards;
in
{
  config.assertions = lib.mkIf cfg.usable (
    map (guard: guard // { message = "mySystem.rknn: ${guard.message}"; }) guards
  );
}
