# The scope pkgs.rknn. A newer or older release of a component: rknn.runtime_2_3_0, or rknn.runtime.override { release = …; }.
{
  lib,
  buildPackages,
  callPackage,
  newScope,
  pkgs,
  python312Packages,
}:
let
  sources = callPackage ./sources.nix { };
in
lib.makeScope newScope (
  self:
  let
    suffix = lib.replaceStrings [ "." ] [ "_" ];
    pythonAttr = lib.replaceStrings [ "cp" ] [ "python" ];
    defaultTags = sources.pythons {
      release = sources.defaults.toolkit-lite;
      component = "rknn-toolkit-lite2";
      arch = "aarch64";
    };
    perRelease =
      component: package: of:
      lib.mapAttrs' (release: _: lib.nameValuePair "${package}_${suffix release}" (of release)) (
        lib.filterAttrs (
          release: _:
          sources.offers {
            inherit release component;
            arch = "aarch64";
          }
        ) sources.releases
      );
  in
  {
    inherit sources;
    hooks = self.callPackage ./hooks { };
    buildPrebuilt = self.callPackage ./build-prebuilt.nix { };
    toolkitLiteFor =
      pythonPackages:
      pythonPackages.callPackage ./toolkit-lite.nix {
        inherit (self)
          hooks
          runtime
          sources
          updateScript
          ;
      };
    toolkitFor =
      pythonPackages:
      pythonPackages.callPackage ./toolkit.nix {
        inherit (self) hooks sources updateScript;
      };

    # Built for a kernel: kernelModuleFor config.boot.kernelPackages.
    kernelModuleFor =
      kernelPackages:
      kernelPackages.callPackage ./kernel-module.nix {
        inherit (self) hooks sources;
      };

    headers = self.callPackage ./headers.nix { };
    runtime = self.callPackage ./runtime.nix { };
    # 3.12 is the newest Python that Rockchip has wheels for.
    toolkit-lite = self.toolkitLiteFor python312Packages;
    toolkit = self.toolkitFor python312Packages;
    convert = self.callPackage ./convert.nix { };
    benchmark = self.callPackage ./benchmark.nix { };
    npu-load = self.callPackage ./npu-load.nix { };
    ready = self.callPackage ./ready.nix { };
    tools = self.callPackage ./tools.nix { };
    all = self.callPackage ./all.nix { };
    cdi = self.callPackage ./cdi.nix { };
    validateCdi = self.callPackage ./validate-cdi.nix { };
    device-plugin = self.callPackage ./device-plugin.nix { };
    oci-image = self.callPackage ./oci-image.nix { };
    simulator = self.callPackage ./simulator.nix { };
    deviceTree = self.callPackage ./device-tree { };

    # For whoever maintains this flake, not for a board.
    maintenance = self.callPackage ../../scripts/package.nix { };
    updateScript = [
      (lib.getExe' (buildPackages.callPackage ../../scripts/package.nix { }) "rknn-pins")
      "update"
      "--write"
      "--default"
    ];

    # A Python with the binding ready to import, for each that Rockchip has a wheel for and nixpkgs still has.
    envs = lib.genAttrs (lib.filter (name: pkgs ? ${name}) (map pythonAttr defaultTags)) (
      name: pkgs.${name}.withPackages (_: [ (self.toolkitLiteFor pkgs."${name}Packages") ])
    );

    # The same packages on the simulator in place of the vendor's library: for machines without an NPU.
    simulated = self.overrideScope (_: prev: { runtime = prev.simulator; });
  }
  // perRelease "librknnrt" "runtime" (release: self.callPackage ./runtime.nix { inherit release; })
  // perRelease "rknn-toolkit-lite2" "toolkit-lite" (
    release: (self.toolkitLiteFor python312Packages).override { inherit release; }
  )
  // perRelease "rknn-toolkit2" "toolkit" (
    release: (self.toolkitFor python312Packages).override { inherit release; }
  )
)
