# virtualisation.*: what a machine of a VM test has.
{ lib, ... }:
let
  mkSize =
    default: description:
    lib.mkOption {
      type = lib.types.ints.positive;
      inherit default description;
    };
in
{
  options.virtualisation = {
    cores = mkSize 1 "How many processors.";
    diskSize = mkSize 1024 "The disk's size in megabytes.";
    memorySize = mkSize 1024 "The memory's size in megabytes.";
  };
}
