# Containers and Kubernetes: what they get of the NPU.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.mySystem.rknn;
  path = "(/[A-Za-z0-9_+][A-Za-z0-9._+-]*)+";
  k3s = config.services.k3s.enable;
  containerd = config.virtualisation.containerd.enable;
  mkBool =
    default: description:
    mkOption {
      type = types.bool;
      inherit default description;
    };
in
{
  options.mySystem.rknn = {
    cdi = {
      enable = mkBool cfg.kubernetes.enable ''
        Whether containers can be given the NPU by name, as CDI device `rockchip.com/npu=all`: with `--device` in podman and docker, and by
        Kubernetes. They get the NPU's device nodes, the runtime library, a copy of the SoC's name and the group, and no privilege.

        The spec is written to `/run/cdi/rockchip.com-npu.json` by `rknn-cdi.service`, which looks for the nodes at boot and again when they
        come and go. Devices `core0`, `core1` and so on are the same nodes, and tell programs on this flake's binding to use that core.
      '';
      static = mkBool false ''
        Whether the spec is part of the system, as `/etc/cdi/rockchip.com-npu.json`, and nothing looks for the nodes: for a kernel whose
        `rknpu` is built for DMA heaps, so that its node is always `/dev/rknpu`.
      '';
      library = mkOption {
        type = types.enum [
          "vendor"
          "store"
          "none"
        ];
        default =
          if cfg.driver == "mainline" then
            "none"
          else if cfg.runtimePackage ? vendorLibrary then
            "vendor"
          else
            "store";
        defaultText = lib.literalMD "`vendor` where {option}`mySystem.rknn.runtimePackage` has that file, otherwise `store`; `none` with `driver = \"mainline\"`";
        description = ''
          Which runtime library containers find at {option}`mySystem.rknn.cdi.libraryPaths`.

          - `vendor`: the file as Rockchip ships it. It runs on the image's own glibc, 2.17 or later, and libstdc++;
          - `store`: this system's, and what it needs from the Nix store. For images with a glibc as new as nixpkgs' has;
          - `none`: none, where all images bring theirs. `pkgs.rknn.oci-image` does, and works with the other two as well.
        '';
      };
      libraryPaths = mkOption {
        type = types.listOf (types.strMatching path);
        default = [ "/usr/lib/librknnrt.so" ];
        example = [
          "/usr/lib/librknnrt.so"
          "/usr/lib/aarch64-linux-gnu/librknnrt.so"
        ];
        description = "Where in a container the runtime library is. The first is what Rockchip's Python binding opens.";
      };
      renderNode = mkOption {
        type = types.strMatching "/dev/dri/renderD(12[89]|1[3-8][0-9]|19[01])";
        default = "/dev/dri/renderD129";
        description = ''
          What the NPU's render node is called in a container, whatever it is outside. Under docker Rockchip's binding refuses to work
          where there is no node of the default name.
        '';
      };
      dmaHeaps = mkOption {
        type = types.listOf (types.strMatching "[A-Za-z0-9_,-]+");
        default = [ "system" ];
        example = [
          "system"
          "cma"
        ];
        description = ''
          Which of `/dev/dma_heap/*` come along where the driver is built for DMA heaps. A container can fill the machine's memory through
          them.
        '';
      };
      extraNodes = mkOption {
        type = types.listOf (types.strMatching "/dev${path}");
        default = [ ];
        example = [
          "/dev/rga"
          "/dev/mpp_service"
        ];
        description = ''
          More device nodes for containers with the NPU: for video, which models are often fed with. Those that are missing are left out,
          and the journal says so. They, too, are given to {option}`mySystem.rknn.device.group` in there.
        '';
      };
      additionalGids = mkBool true ''
        Whether a container's process joins {option}`mySystem.rknn.device.group`, without which only root in the container may open the
        NPU. It needs CDI 0.7, which podman has from 5.1 on, docker from 26.1.4 and containerd from 1.7.17. Docker forgets the group again in
        releases before May 2026 (moby PR 52579): there, say `--group-add` as well.
      '';
    };

    kubernetes = {
      enable = mkBool false ''
        Whether this machine offers its NPU to Kubernetes, core by core: pods get it by the limit `rockchip.com/npu: 1`, as an ordinary user
        and without a volume of the host's. A device plugin, `rknn-device-plugin.service`, tells the kubelet of them; it hands out CDI devices
        ({option}`mySystem.rknn.cdi.enable`), and works with k3s and with any other kubelet of this machine.
      '';
      podsPerCore = mkOption {
        type = types.ints.between 1 100;
        default = 1;
        example = 4;
        description = ''
          How many pods may share a core. The driver lets them take turns; it does not share out memory or time. A pod uses only its core if
          its program is on this flake's binding, or heeds `RKNN_CORE_MASK`.
        '';
      };
      kubeletDirectory = mkOption {
        type = types.strMatching path;
        default = "/var/lib/kubelet/device-plugins";
        description = "Where the kubelet has its socket for device plugins. It is the default's for k3s, too.";
      };
      runtimeEndpoint = mkOption {
        type = types.nullOr (types.strMatching "unix://${path}");
        default =
          if k3s then
            "unix:///run/k3s/containerd/containerd.sock"
          else if containerd then
            "unix:///run/containerd/containerd.sock"
          else
            null;
        defaultText = lib.literalMD "that of {option}`services.k3s.enable` or {option}`virtualisation.containerd.enable`, otherwise `null`";
        description = ''
          The container runtime's socket, which is asked whether CDI is on there: otherwise pods would start without the NPU. `null` asks
          nobody.
        '';
      };
      nodeFeatures = mkBool true ''
        Whether SoC, driver and runtime version are written down for node-feature-discovery, in
        `/etc/kubernetes/node-feature-discovery/features.d/rknn`. Where it runs in the cluster it makes node labels of them.
      '';
    };
  };
}
