# A mainline device tree describes the NPU for rocket; this one is for rknpu.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.mySystem.rknn;
  tree = cfg.deviceTree;
  inherit (pkgs.rknn) deviceTree;
  inherit (config.hardware.deviceTree) name;
  clockRate = cfg.clock.frequency * 1000000;
  isOn = cfg.usable && tree.enable;
  isKnown = tree.board != null && deviceTree.boards ? ${tree.board};
  board = deviceTree.boards.${tree.board};
  dtb = if name == null then board.dtb else name;

  isolation = "mySystem.rknn: deviceTree.enable gives the NPU all memory without an IOMMU: whoever is in group ${cfg.device.group} can read and change everything through it; keep to those you trust, such as with device.group = \"npu\" and users.groups.npu = { }, and write mySystem.rknn.deviceTree.acceptNoIsolation = true";
  supply = "mySystem.rknn: Linux itself does not use the NPU of ${board.name} yet, and that its regulator is ${board.supply} is known by the name only; look it up in the schematics before you boot this, then write mySystem.rknn.deviceTree.acceptUnconfirmedSupply = true";
  unnamed = "mySystem.rknn: hardware.deviceTree.name is not set, and a boot loader may take a device tree of the firmware's, where rknpu finds no NPU; write hardware.deviceTree.name = \"${board.dtb}\"";
  absent = "mySystem.rknn: driver is \"module\", soc is ${cfg.soc}, and mainline's device trees have no NPU for rknpu; write hardware.deviceTree.overlays or a device tree of your own that has";
in
{
  config = lib.mkIf cfg.usable {
    hardware.deviceTree.overlays = lib.mkIf (isOn && isKnown) [
      {
        name = "rknpu-${tree.board}";
        dtsText = deviceTree.overlayFor {
          inherit (tree) board;
          inherit clockRate;
        };
      }
    ];
    # An overlay that fits no device tree is passed over without a word.
    system.checks = lib.mkIf (isOn && isKnown) [
      (deviceTree.check {
        dtbs = config.hardware.deviceTree.package;
        inherit (tree) board;
        inherit clockRate dtb;
      })
    ];
    boot.kernelParams = lib.mkIf (isOn && tree.cma != null) [ "cma=${tree.cma}" ];

    warnings =
      lib.optional (isOn && !tree.acceptNoIsolation) isolation
      ++ lib.optional (isOn && isKnown && !board.confirmed && !tree.acceptUnconfirmedSupply) supply
      ++ lib.optional (isOn && isKnown && name == null) unnamed
      ++ lib.optional (
        cfg.driver == "module"
        && cfg.soc != "rk3588"
        && name == null
        && config.hardware.deviceTree.overlays == [ ]
      ) absent;
  };
}
