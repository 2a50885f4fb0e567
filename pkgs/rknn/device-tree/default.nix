# Overlays that give the NPU to rknpu where the kernel's device tree has it for rocket (Linux 6.18 and later, RK3588).
{
  lib,
  buildPackages,
  dtc,
  stdenv,
}:
let
  inherit (lib.importTOML ./boards.toml) boards unserved;
  inherit (buildPackages.python3) interpreter;
  defaultRate = 200000000;
  checker = builtins.path {
    name = "check-device-tree";
    path = ../hooks;
    filter = path: _: lib.hasInfix "/hooks/check_device_tree" path && !lib.hasSuffix ".pyc" path;
  };

  named =
    key:
    deviceTree.boards.${key}
      or (throw "rknn.deviceTree: board is ${key}; write one of ${lib.concatStringsSep ", " (lib.attrNames boards)}");

  deviceTree = {
    # What each has is said in boards.toml.
    boards = lib.mapAttrs (
      _: board:
      {
        since = "6.18";
        supply = "vdd_npu_s0";
        memSupply = board.supply or "vdd_npu_s0";
      }
      // board
    ) boards;

    # The device trees that have no overlay, and why.
    inherit unserved;

    # The overlay's text, for hardware.deviceTree.overlays.*.dtsText. The rate is in Hz.
    overlayFor =
      {
        board,
        clockRate ? defaultRate,
      }:
      let
        inherit (named board) compatible supply memSupply;
      in
      lib.throwIfNot (lib.isInt clockRate && clockRate > 0 && clockRate < 4294967296)
        "rknn.deviceTree: clockRate is ${toString clockRate}; write a rate in Hz, such as ${toString defaultRate}"
        ''
          #define BOARD "${compatible}"
          #define SUPPLY ${supply}
          #define MEM_SUPPLY ${memSupply}
          #define CLOCK_RATE ${toString clockRate}
          ${builtins.readFile ./overlay.dts}'';

    # The overlay compiled as NixOS does it. `kernel` is the package whose dev output has the headers.
    compile =
      {
        name,
        text,
        kernel,
      }:
      stdenv.mkDerivation {
        name = "${name}.dtbo";
        inherit text;
        passAsFile = [ "text" ];
        nativeBuildInputs = [ dtc ];
        dontUnpack = true;
        dontFixup = true;
        includes = "${lib.getDev kernel}/lib/modules/${kernel.modDirVersion}/source/scripts/dtc/include-prefixes";
        installPhase = ''
          $CC -E -nostdinc -I$includes -undef -D__DTS__ -x assembler-with-cpp -o overlay.dts "$textPath"
          dtc -I dts -O dtb -@ -o $out overlay.dts
        '';
      };

    # Fails unless the board's tree `dtb` in `dtbs` describes the whole NPU for rknpu, and nothing of it for rocket. `overlay` is what to
    # apply to it before; without one the tree is taken as it is, such as in config.hardware.deviceTree.package.
    check =
      {
        dtbs,
        board,
        overlay ? null,
        clockRate ? defaultRate,
        dtb ? (named board).dtb,
      }:
      let
        inherit (named board)
          compatible
          supply
          memSupply
          ;
      in
      stdenv.mkDerivation {
        name = "check-device-tree-${board}";
        nativeBuildInputs = [ dtc ];
        dontUnpack = true;
        dontFixup = true;
        installPhase = ''
          check() { PYTHONPATH=${checker} ${interpreter} -B -m check_device_tree.cli "$@"; }
          tree=${dtbs}/${dtb}
          ${lib.optionalString (overlay != null) ''
            check fits "$tree" ${overlay}
            fdtoverlay -i "$tree" -o ${baseNameOf dtb} ${overlay}
            tree=${baseNameOf dtb}
          ''}
          check merged "$tree" --compatible ${compatible} --supply ${supply} --mem-supply ${memSupply} \
            --clock-rate ${toString clockRate} >$out
          cat $out
        '';
      };
  };
in
deviceTree
