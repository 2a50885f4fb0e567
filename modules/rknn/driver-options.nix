# The kernel's driver for the NPU, its device tree and its clock.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;
  cfg = config.mySystem.rknn;
  dtb = config.hardware.deviceTree.name;
  onBoards = lib.filterAttrs (_: board: board.dtb == dtb) pkgs.rknn.deviceTree.boards;
  mkFrequency =
    description:
    mkOption {
      type = types.nullOr types.ints.positive;
      default = null;
      example = 600;
      inherit description;
    };
in
{
  options.mySystem.rknn = {
    driver = mkOption {
      type = types.enum [
        "kernel"
        "module"
        "mainline"
        "none"
      ];
      default = "kernel";
      description = ''
        Which driver the kernel has for the NPU; the runtime library works with Rockchip's `rknpu` only.

        - `kernel`: `rknpu` is part of `boot.kernelPackages.kernel`, as in Rockchip's 5.10, 6.1 and 6.6 kernels;
        - `module`: `rknpu` is built for a mainline kernel, from `mySystem.rknn.driverPackage`, and the device tree changed for it, see
          {option}`mySystem.rknn.deviceTree.enable`. Without isolation: whoever may open the NPU can read and write all memory through it;
        - `mainline`: `rocket`, which Linux has from 6.18 on for RK3588. `librknnrt`, `rknnlite` and `.rknn` files can't be used with it; TFLite
          models can, through Mesa's Teflon ({option}`mySystem.rknn.teflonLibrary`). Nothing that needs `librknnrt` is then installed;
        - `none`: this module leaves drivers alone; the runtime library finds no NPU unless something else brings `rknpu`.

        With the first two `rocket`, which serves the same hardware, is blacklisted. Another driver is loaded at the next boot. With
        `none` nothing at boot waits for the NPU; `rknn-ready.service` runs for whoever requires it.
      '';
    };

    driverPackage = mkOption {
      type = types.nullOr types.package;
      default =
        if cfg.driver == "module" then pkgs.rknn.kernelModuleFor config.boot.kernelPackages else null;
      defaultText = lib.literalMD "for `driver = \"module\"`: `pkgs.rknn.kernelModuleFor config.boot.kernelPackages`";
      example = lib.literalExpression "config.boot.kernelPackages.callPackage ./rknpu.nix { }";
      description = "The package with `rknpu.ko`, built for `boot.kernelPackages.kernel`; for `driver = \"module\"`.";
    };

    loadKernelModule = mkOption {
      type = types.bool;
      default = cfg.driver != "none";
      defaultText = lib.literalExpression ''config.mySystem.rknn.driver != "none"'';
      description = ''
        Whether to load the driver, `rknpu` or `rocket`, at boot. Where it is built into the kernel this does nothing, and where the
        device tree has a node for it udev loads it anyway.
      '';
    };

    teflonLibrary = mkOption {
      type = types.str;
      readOnly = true;
      default =
        lib.throwIf (lib.versionOlder pkgs.mesa.version "25.3")
          "mySystem.rknn.teflonLibrary: Mesa ${pkgs.mesa.version} has no driver for rocket, which came with 25.3; take a newer nixpkgs, or an overlay with a newer mesa"
          "${lib.getLib pkgs.mesa}/lib/libteflon.so";
      defaultText = lib.literalExpression ''"''${lib.getLib pkgs.mesa}/lib/libteflon.so"'';
      description = ''
        Mesa's delegate for TFLite, which runs models on `rocket`: what to give to `load_delegate()`, or to a program's option for an
        external delegate. Of Mesa 25.3 or later.
      '';
    };

    deviceTree = {
      enable = mkOption {
        type = types.bool;
        default = cfg.driver == "module" && cfg.soc == "rk3588";
        defaultText = lib.literalExpression ''
          config.mySystem.rknn.driver == "module" && config.mySystem.rknn.soc == "rk3588"
        '';
        description = ''
          Whether the board's device tree is changed for `rknpu`: the nodes that Linux has for `rocket` are switched off, and one for
          `rknpu` is added, with the board's regulator for the NPU, in `hardware.deviceTree.overlays`. For RK3588 boards on Linux 6.18 and
          later; on other SoCs mainline describes no NPU, and a device tree of your own has to.
        '';
      };
      board = mkOption {
        type = types.nullOr types.str;
        default = if dtb == null then null else lib.findFirst (_: true) null (lib.attrNames onBoards);
        defaultText = lib.literalMD "the one whose device tree is {option}`hardware.deviceTree.name`";
        example = "orangepi-5-plus";
        description = "The board: a name in `pkgs.rknn.deviceTree.boards`.";
      };
      cma = mkOption {
        type = types.nullOr (types.strMatching "[1-9][0-9]*[MG]");
        default = "256M";
        example = "2G";
        description = ''
          How much memory the kernel keeps together for the NPU (`cma=` on its command line): without an IOMMU every buffer of the NPU's
          lies there. Vision models take tens of megabytes, language models as much as their file. `null` leaves it to the kernel
          or to {option}`boot.kernelParams`.
        '';
      };
      acceptNoIsolation = mkOption {
        type = types.bool;
        default = false;
        description = ''
          Whether to leave out the warning that with {option}`mySystem.rknn.deviceTree.enable` the NPU reaches all memory: no IOMMU is
          between them, so a member of {option}`mySystem.rknn.device.group` can read and change what is everybody's, the kernel's included.
        '';
      };
      acceptUnconfirmedSupply = mkOption {
        type = types.bool;
        default = false;
        description = "Whether to leave out the warning on boards of which only a name says which regulator is the NPU's.";
      };
    };

    clock.frequency = mkOption {
      type = types.ints.positive;
      default = 200;
      description = ''
        The NPU's clock in MHz with {option}`mySystem.rknn.deviceTree.enable`, and so far 200 is all there is. The firmware knows 200 and each
        hundred up to 1000, and sets more than 200 through registers in the NPU, which is off when the kernel asks for it: the board hangs
        before the driver starts. For the other drivers see {option}`mySystem.rknn.devfreq.maxFrequency`.
      '';
    };

    devfreq = {
      governor = mkOption {
        type = types.nullOr (types.strMatching "[a-z_]+");
        default = null;
        example = "performance";
        description = ''
          Who chooses the NPU's clock: `performance`, `powersave`, `simple_ondemand`, `rknpu_ondemand` or another governor of the kernel's;
          `null` leaves it as the kernel has it. This and the limits are for `driver = "kernel"`: Rockchip's kernels change the clock.
        '';
      };
      minFrequency = mkFrequency "The least clock of the NPU in MHz; `null` for the kernel's.";
      maxFrequency = mkFrequency "The highest clock of the NPU in MHz, for less heat; `null` for the kernel's.";
    };
  };
}
