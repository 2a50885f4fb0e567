# The SoCs that librknnrt serves, and what people call them and the boards they are on.
{ lib }:
let
  # SoC -> other names of it and boards that have it, as their vendors' device trees and shops write them.
  names = {
    rk3562 = [ ];
    rk3566 = [
      "orange pi 3b"
      "orange pi cm4"
      "odroid m1s"
      "quartz64 a"
      "quartz64 b"
      "radxa zero 3e"
      "radxa zero 3w"
      "rock 3c"
    ];
    rk3568 = [
      "nanopi r5c"
      "nanopi r5s"
      "odroid m1"
      "rock 3a"
      "rock 3b"
    ];
    rk3576 = [
      "nanopi m5"
      "nanopi r76s"
      "rock 4d"
    ];
    rk3588 = [
      "rk3588s"
      "rk3588s2"
      "cm3588"
      "cm3588 nas"
      "rk3582"
      "rk3583"
      "ace"
      "gameforce ace"
      "indiedroid nova"
      "nova"
      "khadas edge 2"
      "nanopc t6"
      "nanopc t6 lts"
      "nanopi m6"
      "nanopi r6c"
      "nanopi r6s"
      "odroid m2"
      "orange pi 5"
      "orange pi 5 max"
      "orange pi 5 plus"
      "orange pi 5 pro"
      "orange pi 5 ultra"
      "orange pi 5b"
      "orange pi cm5"
      "quartzpro64"
      "rock 5 itx"
      "rock 5a"
      "rock 5b"
      "rock 5b plus"
      "rock 5c"
      "rock 5t"
      "turing rk1"
      "rk1"
    ];
  };
  # "xunlong,orangepi-5-plus" and "Orange Pi 5 Plus" are the same, "Radxa ROCK 5B" and "rock-5b" too.
  plain =
    name:
    lib.foldl' (rest: vendor: lib.removePrefix vendor rest) (lib.replaceStrings
      [
        " "
        "-"
        "_"
        "+"
      ]
      [
        ""
        ""
        ""
        "plus"
      ]
      (lib.last (lib.splitString "," (lib.toLower name)))
    ) vendors;
  vendors = [
    "friendlyarm"
    "friendlyelec"
    "hardkernel"
    "khadas"
    "pine64"
    "radxa"
    "xunlong"
  ];
  known = lib.concatMapAttrs (
    soc: others: lib.genAttrs (map plain ([ soc ] ++ others)) (_: soc)
  ) names;
in
{
  all = lib.attrNames names;
  # The SoC that a name means; the name itself where none is known, for the option's type to refuse.
  soc = name: known.${plain name} or name;
}
