# What an entry of sources.toml must be. A malformed one fails the evaluation in one line that names it.
{ lib, here }:
let
  isText = value: builtins.isString value && value != "";
  digest = length: {
    check =
      value: builtins.isString value && builtins.match "[0-9a-f]{${toString length}}" value != null;
    want = "${toString length} hex digits";
    optional = true;
  };
  isUrls =
    value:
    builtins.isList value
    && value != [ ]
    && lib.all (url: isText url && lib.hasPrefix "https://" url) value;
  texts = {
    check = value: builtins.isList value && value != [ ] && lib.all isText value;
    want = "a list of texts, at least one";
    optional = true;
  };
  # Key -> what it must be.
  fields = {
    component = {
      check = isText;
      want = "the name of a component";
    };
    arch = {
      check =
        value:
        lib.elem value [
          "any"
          "aarch64"
          "x86_64"
          "armhf"
          "armhf-uclibc"
        ];
      want = "any, aarch64, x86_64, armhf or armhf-uclibc";
    };
    python = {
      check = value: builtins.isString value && builtins.match "cp3[0-9]+" value != null;
      want = "a CPython tag such as cp312";
      optional = true;
    };
    name = {
      check = isText;
      want = "a file name";
    };
    urls = {
      check = isUrls;
      want = "a list of https URLs, at least one";
    };
    size = {
      check = value: builtins.isInt value && value > 0;
      want = "a number of bytes above 0";
      optional = true;
    };
    hash = {
      check = value: builtins.isString value && builtins.match "sha256-[A-Za-z0-9+/]{43}=" value != null;
      want = "an SRI sha256 (sha256- and 44 characters of base64, as `nix hash to-sri --type sha256 HEX` prints it)";
      optional = true;
    };
    git-blob = digest 40;
    upstream-md5 = digest 32;
    pypi-md5 = digest 32;
    pypi-sha256 = digest 64;
    records = texts;
    disputes = texts;
    trust-on-first-use = {
      check =
        value: builtins.isString value && builtins.match "[0-9]{4}-[0-9]{2}-[0-9]{2}[^0-9].*" value != null;
      want = "the date and why, as in 2026-01-31: nobody publishes a digest of it";
      optional = true;
    };
  };
  witnesses = [
    "git-blob"
    "upstream-md5"
    "pypi-md5"
    "pypi-sha256"
    "records"
  ];
  identity =
    entry: "${entry.component} ${entry.arch}${lib.optionalString (entry ? python) " ${entry.python}"}";

  show = value: if builtins.isString value then value else builtins.toJSON value;
  fault =
    release: entry:
    let
      who = "${here}: release ${release}, ${
        show (entry.component or "a file without component")
      } (${show (entry.arch or "no arch")}${
        lib.optionalString (entry ? python) ", ${show entry.python}"
      })";
      unknown = lib.filter (name: !fields ? ${name}) (lib.attrNames entry);
      absent = lib.filter (name: !(fields.${name}.optional or false) && !entry ? ${name}) (
        lib.attrNames fields
      );
      wrong = lib.filter (name: !fields.${name}.check entry.${name}) (
        lib.filter (name: fields ? ${name}) (lib.attrNames entry)
      );
      bad = lib.head wrong;
      moving = lib.filter (
        url:
        lib.hasPrefix "https://raw.githubusercontent.com/" url
        && builtins.match ".*/[0-9a-f]{40}/.*" url == null
      ) entry.urls;
      # As in rknn_toolkit_lite2-2.3.2-cp312-cp312-manylinux…; cp37 has the ABI cp37m.
      foreign = entry ? python && !lib.hasInfix "-${release}-${entry.python}-${entry.python}" entry.name;
    in
    if !builtins.isAttrs entry then
      "${here}: release ${release}: ${show entry} stands among the files; write a table for each file"
    else if unknown != [ ] then
      "${who}: unknown key ${lib.head unknown}; known are ${lib.concatStringsSep ", " (lib.attrNames fields)}"
    else if absent != [ ] then
      "${who}: ${lib.head absent} is missing; write ${fields.${lib.head absent}.want}"
    else if wrong != [ ] then
      "${who}: ${bad} is ${builtins.toJSON entry.${bad}}; write ${fields.${bad}.want}"
    else if moving != [ ] then
      "${who}: ${lib.head moving} names a branch or tag, which moves; write the full commit"
    else if foreign then
      "${who}: name is ${entry.name}, a wheel of another release or Python; write the file's own"
    else if !lib.any (name: entry ? ${name}) (witnesses ++ [ "trust-on-first-use" ]) then
      "${who}: no witness; write one of ${lib.concatStringsSep ", " witnesses}, or trust-on-first-use"
    else
      null;

  checkRelease =
    release: table:
    let
      files = table.files or null;
      faults = lib.filter (f: f != null) (map (fault release) files);
      names = map identity files;
      twice = lib.filter (n: lib.length (lib.filter (m: m == n) names) > 1) names;
    in
    if !builtins.isList files then
      throw "${here}: release ${release}: files is ${show files}; write [[releases.\"${release}\".files]] tables"
    else if faults != [ ] then
      throw (lib.head faults)
    else if lib.length (lib.attrNames (lib.genAttrs names (_: null))) != lib.length names then
      throw "${here}: release ${release}: two files are the same component, arch and python: ${lib.head twice}; keep one"
    else
      table;
in
lib.mapAttrs checkRelease
