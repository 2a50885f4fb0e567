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
  release = lib.getVersion runtime;
  socs = runtime.socs or [ cfg.soc ];
  # rockchip/rk3588s-orangepi-5.dtb: the folder is the vendor, the first word the SoC.
  dtb = toString (config.hardware.deviceTree.name or null);
  dtbFolder = lib.optionalString (lib.hasInfix "/" dtb) (dirOf dtb);
  dtbSoc = lib.mapNullable (found: known.soc (lib.head found)) (
    builtins.match "((rk|rv|px)[0-9]+)[a-z0-9]*([-.].*)?" (baseNameOf dtb)
  );

  # A name of the user's own says nothing.
  isForeign =
    !lib.elem dtbFolder [
      ""
      "rockchip"
    ]
    || dtbSoc != null && !lib.elem dtbSoc known.all;

  binding = cfg.toolkitLitePackage;
  python = cfg.pythonPackage;
  # The default binding of a Python without a wheel is an error, and the other guards on it would be.
  isDefault =
    options.mySystem.rknn.toolkitLitePackage.highestPrio >= (lib.mkOptionDefault null).priority;
  isPython = python ? pkgs && python ? withPackages;
  hasBinding = isPython && (!isDefault || (builtins.tryEval binding).success);

  inherit (boot.kernelPackages) kernel;
  # Rockchip's own kernels are 4.19, 5.10, 6.1 and 6.6, from git; those from kernel.org have no rknpu, and rocket from 6.18 on.
  isMainline =
    lib.versionAtLeast kernel.version "6.7"
    || lib.any (url: lib.hasPrefix "mirror://kernel/" url || lib.hasInfix "kernel.org/" url) (
      kernel.src.urls or [ ]
    );
  # Features reach kernels that nixpkgs configures; of a manual one the configuration is known if it is a file.
  hasRknpu =
    kernel.features.rknpu or false
    || lib.any (patch: patch.features.rknpu or false) boot.kernelPatches
    || (kernel.config.isEnabled or (_: false)) "ROCKCHIP_RKNPU";
  isLoaded = module: lib.elem module (boot.kernelModules ++ boot.initrd.kernelModules);

  strangers = lib.filter (name: !config.users.users ? ${name}) cfg.users;
  # This module puts cfg.users into the group, which is no reason for it to exist.
  hasGroup = lib.any (
    definition:
    !lib.hasInfix (toString ./devices.nix) (toString definition.file)
    && definition.value ? ${cfg.device.group}
  ) options.users.groups.definitionsWithLocations;
  gid = if hasGroup then config.users.groups.${cfg.device.group}.gid else null;

  may = digit: lib.substring digit 1 cfg.device.mode;
  opensToAll =
    line:
    builtins.match "[[:space:]]*#.*" line == null
    && builtins.match ".*MODE[[:space:]]*:?=[[:space:]]*\"[0-7]*[2367]\".*" line != null;
  opening = lib.filter opensToAll (lib.splitString "\n" cfg.extraUdevRules);

  runtimeGuards = [
    {
      assertion = lib.elem cfg.soc socs;
      message = "soc is ${cfg.soc}, and ${runtime.name} is for ${names socs}; write another runtimePackage";
    }
    {
      assertion = release != "";
      message = "runtimePackage is ${runtime.name}, which says no version; give it the version of the SDK that it is from, such as version = \"2.3.2\"";
    }
  ];

  bindingGuards = [
    {
      assertion = cfg.allowDifferentReleases || release == "" || lib.getVersion binding == release;
      message = "toolkitLitePackage is of release ${lib.getVersion binding}, runtimePackage of ${release}; write both of one release, or allowDifferentReleases = true if you know that they go together";
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
      assertion = !isForeign;
      message = "hardware.deviceTree.name is ${dtb}, and librknnrt serves ${names known.all}; write enable = false for this machine";
    }
    {
      assertion = isForeign || dtbSoc == null || dtbSoc == cfg.soc;
      message = "soc is ${cfg.soc}, and hardware.deviceTree.name is ${dtb}; write soc = \"${toString dtbSoc}\"";
    }
    {
      assertion = !cfg.enableToolkitLite || isPython;
      message = "pythonPackage is ${python.name}, which is no Python interpreter; write pythonPackage = pkgs.python312";
    }
    {
      assertion = !cfg.enableToolkitLite || !isPython || hasBinding;
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
      message = "driver is \"kernel\", and kernel ${kernel.version} is a mainline kernel, which has no rknpu (Rockchip's 5.10, 6.1 and 6.6 have); write driver = \"module\" and a driverPackage, or driver = \"none\". If a patch of yours adds it: boot.kernelPatches = [ { name = \"rknpu\"; patch = null; features.rknpu = true; } ]";
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
      assertion = hasGroup;
      message = "device.group is ${cfg.device.group}, and there is no such group; write users.groups.${cfg.device.group} = { }, or another group such as render";
    }
    {
      assertion = gid == null || gid < 1000;
      message = "device.group is ${cfg.device.group} with gid ${toString gid}, and udev gives nodes to system groups; take the gid out, or write one below 1000";
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
