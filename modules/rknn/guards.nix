# What can't work is refused at evaluation, with what was found and what to write. usable.nix has what goes before.
{
  config,
  lib,
  options,
  ...
}:
let
  cfg = config.mySystem.rknn;
  inherit (config) boot;
  known = import ./socs.nix { inherit lib; };
  names = lib.concatStringsSep ", ";

  runtime = cfg.runtimePackage;
  socs = runtime.socs or [ cfg.soc ];
  # rockchip/rk3588s-orangepi-5.dtb: the folder is the vendor, the first word the SoC.
  dtb = config.hardware.deviceTree.name or null;
  dtbSoc = builtins.match "rockchip/(rk[0-9]+)[a-z0-9]*-.*" (toString dtb);

  binding = cfg.toolkitLitePackage;
  python = cfg.pythonPackage;
  # The default binding of a Python without a wheel is an error, and the other guards on it would be.
  isDefault =
    options.mySystem.rknn.toolkitLitePackage.highestPrio >= (lib.mkOptionDefault null).priority;
  hasBinding = !isDefault || (builtins.tryEval binding).success;

  inherit (boot.kernelPackages) kernel;
  # Rockchip's own kernels are 4.19, 5.10, 6.1 and 6.6, from git; those from kernel.org have no rknpu, and rocket from 6.18 on.
  isMainline =
    lib.versionAtLeast kernel.version "6.7"
    || lib.any (url: lib.hasPrefix "mirror://kernel/" url || lib.hasInfix "kernel.org/" url) (
      kernel.src.urls or [ ]
    );
  hasRknpu = kernel.features.rknpu or false;
  isLoaded = module: lib.elem module (boot.kernelModules ++ boot.initrd.kernelModules);

  # cfg.users gives each of them an entry; one that somebody declared is a normal or a system user, or root, which has a uid.
  isDeclared =
    name:
    let
      user = config.users.users.${name};
    in
    user.isNormalUser || user.isSystemUser || user.uid != null;
  strangers = lib.filter (name: !isDeclared name) cfg.users;

  may = digit: lib.substring digit 1 cfg.device.mode;
  opensToAll = line: builtins.match ".*MODE:?=\"0?[0-7][0-7][2367]\".*" line != null;
  opening = lib.filter opensToAll (lib.splitString "\n" cfg.extraUdevRules);

  runtimeGuards = [
    {
      assertion = lib.elem cfg.soc socs;
      message = "soc is ${cfg.soc}, and ${runtime.name} is for ${names socs}; write another runtimePackage";
    }
  ];

  bindingGuards = [
    {
      assertion = cfg.allowDifferentReleases || binding.version == runtime.version;
      message = "toolkitLitePackage is of release ${binding.version}, runtimePackage of ${runtime.version}; write both of one release, or allowDifferentReleases = true if you know that they go together";
    }
    {
      assertion = (binding.runtime or runtime) == runtime;
      message = "toolkitLitePackage opens ${
        binding.runtime.name or "a runtime"
      } of its own, and has no override to change that; write one that opens runtimePackage";
    }
    {
      assertion = (binding.pythonModule or python).pythonVersion == python.pythonVersion;
      message = "toolkitLitePackage is for Python ${
        binding.pythonModule.pythonVersion or "?"
      }, pythonPackage is ${python.pythonVersion}; write both of one Python";
    }
  ];

  guards = [
    {
      assertion =
        dtb == null
        || lib.elem (dirOf dtb) [
          "."
          "rockchip"
        ];
      message = "hardware.deviceTree.name is ${toString dtb}, a board without Rockchip's NPU; write enable = false for this machine";
    }
    {
      assertion = dtbSoc == null || lib.head dtbSoc == cfg.soc || !lib.elem (lib.head dtbSoc) known.all;
      message = "soc is ${cfg.soc}, and hardware.deviceTree.name is ${toString dtb}; write soc = \"${lib.head dtbSoc}\"";
    }
    {
      assertion = !cfg.enableToolkitLite || hasBinding;
      message = "pythonPackage is ${python.implementation} ${python.pythonVersion}, for which Rockchip has no wheel of the binding; write pythonPackage = pkgs.python312";
    }
    {
      assertion = !isLoaded "rocket" || cfg.driver == "none" && !isLoaded "rknpu";
      message =
        if cfg.driver == "none" then
          "boot.kernelModules has rknpu and rocket, which fight over the same hardware; take one of them out"
        else
          "driver is \"${cfg.driver}\", and boot.kernelModules has rocket, which takes the NPU from rknpu; take rocket out, or write driver = \"none\"";
    }
    {
      assertion = cfg.driver == "none" || !lib.elem "rknpu" boot.blacklistedKernelModules;
      message = "driver is \"${cfg.driver}\", and boot.blacklistedKernelModules has rknpu; take it out, or write driver = \"none\"";
    }
    {
      assertion = cfg.driver != "kernel" || hasRknpu || !isMainline;
      message = "driver is \"kernel\", and kernel ${kernel.version} is a mainline kernel, which has no rknpu (Rockchip's 5.10, 6.1 and 6.6 have); write driver = \"module\" and a driverPackage, or driver = \"none\". If a patch of yours adds it: boot.kernelPatches = [ { name = \"rknpu\"; patch = …; features.rknpu = true; } ]";
    }
    {
      assertion = cfg.driver != "module" || !hasRknpu;
      message = "driver is \"module\", and kernel ${kernel.version} has rknpu of its own (features.rknpu); write driver = \"kernel\"";
    }
    {
      assertion =
        cfg.driver != "module"
        || cfg.driverPackage != null
        || lib.any (package: lib.hasInfix "rknpu" (lib.getName package)) boot.extraModulePackages;
      message = "driver is \"module\", and neither driverPackage nor boot.extraModulePackages has it; write driverPackage = the package that has rknpu.ko for kernel ${kernel.version}";
    }
    {
      assertion = cfg.driver == "module" || cfg.driverPackage == null;
      message = "driverPackage is set, and driver is \"${cfg.driver}\"; write driver = \"module\", or take driverPackage out";
    }
    {
      assertion = config.users.groups ? ${cfg.device.group};
      message = "device.group is ${cfg.device.group}, and there is no such group; write users.groups.${cfg.device.group} = { }, or another group such as render";
    }
    {
      assertion = strangers == [ ];
      message = "users names ${names strangers}, whom nobody declares; write users.users.${lib.head strangers}.isNormalUser = true, or take the name out";
    }
    {
      assertion = may 3 == "0";
      message = "device.mode is ${cfg.device.mode}, which lets everybody open the NPU, and through it memory; write 0660, and put users into group ${cfg.device.group}";
    }
    {
      assertion = lib.elem (may 2) [
        "6"
        "7"
      ];
      message = "device.mode is ${cfg.device.mode}, which keeps group ${cfg.device.group} from reading and writing; write 0660";
    }
    {
      assertion = opening == [ ];
      message = "extraUdevRules lets everybody write to a device, in ${toString opening}; write MODE=\"0660\" and a GROUP";
    }
  ]
  ++ lib.optionals cfg.usesRuntime runtimeGuards
  ++ lib.optionals (cfg.enableToolkitLite && hasBinding) bindingGuards;
in
{
  config.assertions = lib.mkIf cfg.usable (
    map (guard: guard // { message = "mySystem.rknn: ${guard.message}"; }) guards
  );
}
