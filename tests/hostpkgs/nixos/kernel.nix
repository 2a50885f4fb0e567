# boot.*: the kernel and its modules.
{ kernel, kernelModulesAsList }:
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;
  cfg = config.boot;

  mkModuleNames =
    description:
    mkOption (
      if kernelModulesAsList then
        {
          type = types.listOf types.str;
          default = [ ];
          inherit description;
        }
      else
        {
          type = types.coercedTo (types.listOf types.str) (names: lib.genAttrs names (_: true)) (
            types.attrsOf types.bool
          );
          default = { };
          apply = names: lib.attrNames (lib.filterAttrs (_: wanted: wanted) names);
          inherit description;
        }
    );
in
{
  options.boot = {
    kernelModules = mkModuleNames "Modules to load at boot.";
    initrd.kernelModules = mkModuleNames "Modules to load in the initial ramdisk.";
    blacklistedKernelModules = mkModuleNames "Modules not to load by themselves.";
    extraModulePackages = mkOption {
      type = types.listOf types.package;
      default = [ ];
      description = "Packages with modules for the kernel.";
    };
    extraModprobeConfig = mkOption {
      type = types.lines;
      default = "";
      description = "More lines for modprobe.";
    };
    kernelPackages = mkOption {
      type = types.raw;
      default = lib.makeScope pkgs.newScope (_: {
        kernel = {
          dev = pkgs.writeText "linux-dev" kernel.version;
          modDirVersion = kernel.version;
          moduleBuildDependencies = [ ];
        }
        // kernel;
        kernelModuleMakeFlags = [ ];
      });
      # As nixpkgs' buildLinux does, and its linuxManualConfig does not: patches may say what they add.
      apply =
        set:
        set
        // {
          kernel = set.kernel // {
            features =
              set.kernel.features or { }
              // lib.optionalAttrs (!set.kernel ? config) (
                lib.foldl' (features: patch: features // patch.features or { }) { } cfg.kernelPatches
              );
          };
        };
      description = "The kernel and what is built for it.";
    };
    kernelParams = mkOption {
      type = types.listOf (types.strMatching ''([^"[:space:]]|"[^"]*")+'');
      default = [ ];
      description = "The kernel's command line.";
    };
    kernelPatches = mkOption {
      type = types.listOf types.attrs;
      default = [ ];
      description = "Patches to the kernel.";
    };
  };

  config.environment.etc = {
    "modules-load.d/nixos.conf".text = lib.concatStringsSep "\n" cfg.kernelModules;
    "modprobe.d/nixos.conf".text =
      lib.concatMapStrings (name: "blacklist ${name}\n") cfg.blacklistedKernelModules
      + cfg.extraModprobeConfig;
  };
  config.system.build.modulesTree = pkgs.runCommand "kernel-modules" { } ''
    mkdir $out
    for package in ${toString cfg.extraModulePackages}; do
      cp -rsf --no-preserve=mode $package/. $out/
    done
  '';
}
