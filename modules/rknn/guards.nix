# What can't work is refused at evaluation, with what was found and what to write. usable.nix has what goes before.
{
  config,
  lib,
  options,
  ...
}:
let
  cfg = config.mySystem.rknn;
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
