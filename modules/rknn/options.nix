{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;
  cfg = config.mySystem.rknn;
  socs = import ./socs.nix { inherit lib; };

  # What is built on a runtime follows runtimePackage, and its release where Rockchip has that.
  inherit (pkgs.rknn) sources;
  release = lib.getVersion cfg.runtimePackage;
  follows = sources.releases ? ${release};
  scope = pkgs.rknn.overrideScope (_: _: { runtime = cfg.runtimePackage; });
  binding = scope.toolkitLiteFor (cfg.pythonPackage.pkgs or { });
  hasBinding =
    follows
    && sources.offers {
      inherit release;
      component = "rknn-toolkit-lite2";
      arch = "aarch64";
    };
  mkBool =
    default: description:
    mkOption {
      type = types.bool;
      inherit default description;
    };
  # What needs librknnrt, which has no use for mainline's driver.
  mkOn =
    description:
    mkBool (cfg.driver != "mainline") description
    // {
      defaultText = lib.literalExpression ''config.mySystem.rknn.driver != "mainline"'';
    };
in
{
  options.mySystem.rknn = {
    enable = lib.mkEnableOption "Rockchip's NPU: its runtime library, Python binding and tools, and access to its device nodes";

    soc = mkOption {
      type = types.coercedTo types.str socs.soc (types.enum socs.all);
      default = "rk3588";
      example = "Orange Pi 5 Plus";
      description = ''
        The SoC of this machine, or a board that has it: `rk3588s` and `Orange Pi 5 Plus` both mean `rk3588`.
        It is held against what the runtime supports; the machine itself is asked at boot, by `rknn-ready.service`.
      '';
    };

    enableRuntime = mkOn "Whether the runtime library `librknnrt.so` is on the system path, and among nix-ld's libraries where nix-ld is on.";

    enableHeaders = mkBool false "Whether the C headers, `rknnrt.pc` and the CMake package of the runtime are on the system path.";

    enableToolkitLite = mkOn "Whether a Python that can import `rknnlite` is on the system path, as `rknn-python`.";

    enableTools = mkOn "Whether the command-line tools are on the system path: `rknn_benchmark`, `rknn-npu-load` and `rknn-ready`.";

    runtimePackage =
      lib.mkPackageOption pkgs
        [
          "rknn"
          "runtime"
        ]
        {
          example = [
            "rknn"
            "runtime_2_3_0"
          ];
          extraDescription = "Binding and tools are built on it, and of its release where Rockchip has that.";
        };

    toolsPackage = mkOption {
      type = types.package;
      default = if follows then scope.tools else pkgs.rknn.tools;
      defaultText = lib.literalMD "`pkgs.rknn.tools`, on {option}`mySystem.rknn.runtimePackage`";
      description = "The command-line tools.";
    };

    pythonPackage = lib.mkPackageOption pkgs "python312" {
      example = [ "python311" ];
      extraDescription = "The interpreter of `rknn-python`. Rockchip has wheels of the binding up to Python 3.12.";
    };

    toolkitLitePackage = mkOption {
      type = types.package;
      default = if hasBinding then binding.override { inherit release; } else binding;
      defaultText = lib.literalMD "the binding for {option}`mySystem.rknn.pythonPackage`";
      # Whoever names both packages means them together.
      apply =
        package:
        if package ? override && package ? runtime then
          package.override { runtime = cfg.runtimePackage; }
        else
          package;
      example = lib.literalExpression "pkgs.python312Packages.rknn-toolkit-lite2";
      description = ''
        The Python binding (rknn-toolkit-lite2), of the same Python as {option}`mySystem.rknn.pythonPackage`. It is made to open
        {option}`mySystem.rknn.runtimePackage`.
      '';
    };

    allowDifferentReleases = mkBool false ''
      Whether binding and runtime may be of different releases. Rockchip publishes no table of what goes together. The 2.5.0
      binding, for which no runtime is to be had, was shown with runtime 2.3.2 on the simulator only.
    '';

    extraPythonPackages = mkOption {
      type = types.functionTo (types.listOf types.package);
      default = _: [ ];
      defaultText = lib.literalExpression "ps: [ ]";
      example = lib.literalExpression "ps: [ ps.opencv4 ]";
      description = "What else `rknn-python` can import.";
    };

    python = mkOption {
      type = types.package;
      readOnly = true;
      default = cfg.pythonPackage.withPackages (
        ps: [ cfg.toolkitLitePackage ] ++ cfg.extraPythonPackages ps
      );
      defaultText = lib.literalMD "{option}`mySystem.rknn.pythonPackage` with the binding";
      description = "The Python with the binding, for services: `\${config.mySystem.rknn.python}/bin/python3`.";
    };

    device = {
      group = mkOption {
        type = types.strMatching "[A-Za-z0-9_][A-Za-z0-9_.-]*";
        default = "render";
        example = "npu";
        description = "The group that may use the NPU; it has to exist, as a system group.";
      };
      mode = mkOption {
        type = types.strMatching "0[0-7]{3}";
        default = "0660";
        description = "The permissions of the NPU's device nodes. The group needs to read and to write; others get nothing.";
      };
      dmaHeaps = mkBool true ''
        Whether group and mode hold for `/dev/dma_heap/*` as well. Drivers built for DMA heaps and programs that hand over their own
        buffers need these; a user of them can fill the machine's memory.
      '';
    };

    users = mkOption {
      type = types.listOf types.str;
      default = [ ];
      example = [ "alice" ];
      description = "Users to put into {option}`mySystem.rknn.device.group`.";
    };

    extraUdevRules = mkOption {
      type = types.lines;
      default = "";
      example = ''SUBSYSTEM=="misc", KERNEL=="rga", GROUP="video", MODE="0660"'';
      description = ''
        More lines for `72-rknn.rules`, after this module's own. For nodes that the video stack shares, such as `rga` and `mpp_service`,
        which this module leaves alone.
      '';
    };

    linkUsrLib = mkBool false ''
      Whether `/usr/lib/librknnrt.so` leads to the runtime library, for programs that open nothing else. This flake's packages do not
      need it. While it is off and {option}`mySystem.rknn.enable` is on, a file of that name is removed: switch it off before the rest.
    '';

    readyTimeout = mkOption {
      type = types.ints.between 0 300;
      default = 10;
      description = ''
        How many seconds `rknn-ready.service` waits for the NPU's device node, before it says in the journal what is missing. Units
        that need the NPU order themselves after it.
      '';
    };
  };
}
