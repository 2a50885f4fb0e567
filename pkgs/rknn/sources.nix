# sources.toml -> fetchurl. The only reader of the pins on the Nix side.
{
  lib,
  fetchurl,
  # Not "file": callPackage would fill that with nixpkgs' package of this name.
  pins ? ./sources.toml,
}:
let
  toml = lib.importTOML pins;
  here = baseNameOf pins;

  releases = import ./sources-check.nix { inherit lib here; } toml.releases;

  matches =
    {
      component,
      arch,
      python ? null,
    }:
    entry: entry.component == component && entry.arch == arch && entry.python or null == python;

  fetch =
    {
      release,
      component,
      arch,
      python ? null,
    }@wanted:
    let
      what = "${component} ${release} (${arch}${lib.optionalString (python != null) ", ${python}"})";
      table =
        releases.${release}
          or (throw "${here}: no release ${release}; there are ${lib.concatStringsSep ", " (lib.attrNames releases)}");
      entry =
        lib.findFirst (matches (removeAttrs wanted [ "release" ]))
          (throw "${here}: no ${what}; releases that have ${component}: ${
            lib.concatStringsSep ", " (
              lib.filter (r: lib.any (e: e.component == component && e.arch == arch) releases.${r}.files) (
                lib.attrNames releases
              )
            )
          }")
          table.files;
    in
    fetchurl {
      inherit (entry) name urls;
      hash =
        entry.hash
          or (throw "${here}: ${what} has witnesses but no hash yet; download ${lib.head entry.urls}, hold it against them and write its hash");
    };
in
{
  inherit releases;
  inherit (toml) defaults;

  # Whether a release has any file of a component for an architecture, whatever its Python.
  offers =
    {
      release,
      component,
      arch,
    }:
    lib.any (entry: entry.component == component && entry.arch == arch) releases.${release}.files;

  # The CPython tags that a component of a release has wheels for, oldest first.
  pythons =
    {
      release,
      component,
      arch,
    }:
    map (entry: entry.python) (
      lib.filter (entry: entry.component == component && entry.arch == arch) releases.${release}.files
    );

  inherit fetch;

  # Several components that are the same for every architecture.
  fetchTexts =
    release: components:
    map (
      component:
      fetch {
        inherit release component;
        arch = "any";
      }
    ) components;
}
