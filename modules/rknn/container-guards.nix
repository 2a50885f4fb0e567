# Containers that could not have the NPU are refused at evaluation, with what was found and what to write.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.mySystem.rknn;
  inherit (cfg) cdi driver kubernetes;
  inherit (config.services) k3s;
  inherit (config.virtualisation) containerd docker podman;
  runtime = cfg.runtimePackage;
  socs = runtime.socs or [ cfg.soc ];
  isMounted = cdi.library != "none";
  gid = config.users.groups.${cfg.device.group}.gid or null;
  numbered = lib.filter (node: lib.hasPrefix "/dev/dri/" node || node == "/dev/rknpu") cdi.extraNodes;

  # From which version on an engine reads CDI specs, and those with a group in them, which is CDI 0.7.
  engines = [
    {
      name = "virtualisation.docker";
      inherit (docker) enable package;
      reads = "25.0";
      readsGroup = "26.1.4";
    }
    {
      name = "virtualisation.podman";
      inherit (podman) enable package;
      reads = "4.1";
      readsGroup = "5.1";
    }
    {
      name = "virtualisation.containerd";
      inherit (containerd) enable;
      package = pkgs.containerd;
      reads = "1.7";
      readsGroup = "1.7.17";
    }
  ];
  engineGuards =
    {
      name,
      package,
      reads,
      readsGroup,
      ...
    }:
    let
      version = lib.getVersion package;
      isBlind = lib.versionOlder version reads;
    in
    [
      {
        assertion = !isBlind;
        message = "cdi.enable is true, and ${name} is ${version}, which has no CDI: it takes ${reads}; write a newer package, or cdi.enable = false";
      }
      {
        assertion = isBlind || !cdi.additionalGids || lib.versionAtLeast version readsGroup;
        message = "cdi.additionalGids is true, and ${name} is ${version}, which reads no spec with a group in it: it takes ${readsGroup}; write a newer package, or cdi.additionalGids = false";
      }
    ];

  cdiGuards = [
    {
      assertion = driver != "mainline" || !isMounted;
      message = "cdi.library is \"${cdi.library}\", and driver is \"mainline\", whose rocket librknnrt can't use; take cdi.library out";
    }
    {
      assertion = cdi.library != "vendor" || runtime ? vendorLibrary;
      message = "cdi.library is \"vendor\", and ${runtime.name} has no vendorLibrary, which is the file as Rockchip ships it; write cdi.library = \"store\"";
    }
    # guards.nix has the same for this machine's own programs.
    {
      assertion = !isMounted || cfg.usesRuntime || lib.elem cfg.soc socs;
      message = "soc is ${cfg.soc}, and ${runtime.name} is for ${lib.concatStringsSep ", " socs}; write another runtimePackage, or cdi.library = \"none\"";
    }
    {
      assertion = !isMounted || cdi.libraryPaths != [ ];
      message = "cdi.library is \"${cdi.library}\", and cdi.libraryPaths says no place for it; write one, or cdi.library = \"none\"";
    }
    {
      assertion = numbered == [ ];
      message = "cdi.extraNodes has ${lib.concatStringsSep ", " numbered}: the NPU's own nodes are found, and others below /dev/dri get their numbers at boot; take that out";
    }
    {
      assertion =
        !cdi.static
        || lib.elem driver [
          "kernel"
          "none"
        ];
      message = "cdi.static is true, and driver is \"${driver}\", whose nodes get their numbers at boot; take cdi.static out";
    }
    {
      assertion = !cdi.static || gid != null;
      message = "cdi.static is true, and the spec has to name the number of group ${cfg.device.group}, which nobody has set; write users.groups.${cfg.device.group}.gid, or take cdi.static out";
    }
  ]
  ++ lib.concatMap engineGuards (lib.filter (engine: engine.enable) engines);

  # k3s brings its own containerd, 2.0 since these.
  k3sVersion = lib.getVersion k3s.package;
  k3sReads = if lib.hasPrefix "1.32." k3sVersion then "1.32.2" else "1.31.6";
  kubernetesGuards = [
    {
      assertion = cdi.enable;
      message = "kubernetes.enable is true, and cdi.enable is false, by which pods get the NPU; take cdi.enable out";
    }
    {
      assertion = driver != "mainline";
      message = "kubernetes.enable is true, and driver is \"mainline\", whose rocket shares out the cores itself; take kubernetes.enable out, or write another driver";
    }
    {
      assertion =
        !k3s.enable || lib.versionAtLeast k3sVersion k3sReads || k3s.containerdConfigTemplate != null;
      message = "kubernetes.enable is true, and services.k3s.package is ${k3sVersion}, whose containerd has CDI off: it takes ${k3sReads}; write a newer package, or services.k3s.containerdConfigTemplate with enable_cdi = true";
    }
  ];

  guards = lib.optionals cdi.enable cdiGuards ++ lib.optionals kubernetes.enable kubernetesGuards;
in
{
  config.assertions = lib.mkIf cfg.usable (
    map (guard: guard // { message = "mySystem.rknn: ${guard.message}"; }) guards
  );
}
