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
  commas = lib.concatStringsSep ", ";

  releases = import ./sources-check.nix { inherit lib here; } (
    toml.releases or (throw "${here}: no releases; write a table releases.\"VERSION\" for each")
  );
  withComponent =
    component:
    lib.filter (r: lib.any (entry: entry.component == component) releases.${r}.files) (
      lib.attrNames releases
    );
  # What there is instead is said of the releases `among`; of all where these are none.
  tableOf =
    among: release:
    releases.${release} or (throw "${here}: no release ${release}; there are ${
      commas (if among == [ ] then lib.attrNames releases else among)
    }");

  # The files of a component for an architecture; of one Python, if it is named.
  filesOf =
    {
      release,
      component,
      arch,
      python ? null,
    }:
    lib.filter (
      entry:
      entry.component == component
      && entry.arch == arch
      && (python == null || entry.python or null == python)
    ) (tableOf (withComponent component) release).files;

  fetch =
    {
      release,
      component,
      arch,
      python ? null,
    }@wanted:
    let
      what = "${component} ${release} (${arch}${lib.optionalString (python != null) ", ${python}"})";
      having = lib.filter (
        r:
        filesOf {
          release = r;
          inherit component arch;
        } != [ ]
      ) (lib.attrNames releases);
      selection = lib.concatStringsSep " " (
        lib.mapAttrsToList (key: value: "${key}=${value}") (
          lib.filterAttrs (_: value: value != null) wanted
        )
      );
      found = filesOf wanted;
      entry = lib.head found;
    in
    if found == [ ] then
      throw "${here}: no ${what}; releases that have ${component}: ${commas having}"
    else if entry ? disputes then
      throw "${here}: ${what} is disputed: ${lib.concatStringsSep "; " entry.disputes}; find out which file is Rockchip's, then take disputes out"
    else if !entry ? hash then
      throw "${here}: ${what} has no hash yet; fill it in: rknn-pins prefetch ${selection}"
    else
      fetchurl { inherit (entry) name urls hash; };
in
{
  inherit releases fetch;

  # Component -> the release that is taken unless another is asked for.
  defaults = lib.mapAttrs (
    component: release:
    lib.throwIfNot (releases ? ${release})
      "${here}: defaults.${component} is ${release}, and there is no such release; there are ${commas (lib.attrNames releases)}"
      release
  ) (toml.defaults or (throw "${here}: no defaults; write a release for runtime and toolkit-lite"));

  # Whether a release has any file of a component for an architecture, whatever its Python.
  offers = wanted: filesOf wanted != [ ];

  # The CPython tags that a component of a release has wheels for, oldest first.
  pythons = wanted: map (entry: entry.python) (filesOf wanted);

  # Path in the repository -> file, of a release whose files are of one repository at its rev.
  fetchTree =
    release:
    let
      table = tableOf [ ] release;
      rev = table.rev or (throw "${here}: release ${release} has no rev; write the full commit");
    in
    lib.listToAttrs (
      map (
        entry:
        let
          url = lib.head entry.urls;
          parts = lib.splitString "/${rev}/" url;
        in
        lib.throwIf (lib.length parts != 2)
          "${here}: release ${release}, ${entry.component}: ${url} is not of the release's rev, ${rev}; write the URL of that commit"
          lib.nameValuePair
          (lib.last parts)
          (fetch {
            inherit release;
            inherit (entry) component arch;
          })
      ) table.files
    );

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
