# The part of nixpkgs' lib that this project uses: same names, same calls. A folder of its own, so that a checkout of
# the real lib can be put in its place.
let
  inherit (builtins)
    attrNames
    attrValues
    concatLists
    concatStringsSep
    elem
    elemAt
    filter
    foldl'
    functionArgs
    hasAttr
    head
    intersectAttrs
    isAttrs
    isFunction
    isList
    length
    listToAttrs
    map
    mapAttrs
    match
    removeAttrs
    replaceStrings
    split
    stringLength
    substring
    ;
in
let
  lib = {
    inherit (builtins)
      all
      any
      attrNames
      attrValues
      concatLists
      concatMap
      concatStringsSep
      elem
      elemAt
      filter
      foldl'
      genList
      head
      isAttrs
      isBool
      isFloat
      isInt
      isList
      isString
      length
      listToAttrs
      map
      mapAttrs
      match
      readFile
      removeAttrs
      replaceStrings
      sort
      stringLength
      substring
      tail
      ;

    # functions and fixed points
    id = x: x;
    min = a: b: if a < b then a else b;
    fix =
      f:
      let
        x = f x;
      in
      x;
    extends =
      overlay: f: final:
      let
        prev = f final;
      in
      prev // overlay final prev;
    composeExtensions =
      f: g: final: prev:
      let
        fApplied = f final prev;
      in
      fApplied // g final (prev // fApplied);
    composeManyExtensions = foldl' lib.composeExtensions (_final: _prev: { });
    toFunction = v: if lib.isFunction v then v else _: v;
    isFunction = f: isFunction f || (isAttrs f && f ? __functor);
    functionArgs = f: if isAttrs f then f.__functionArgs or { } else functionArgs f;
    importTOML = path: builtins.fromTOML (builtins.readFile path);

    # attribute sets and lists
    genAttrs =
      names: f:
      listToAttrs (
        map (name: {
          inherit name;
          value = f name;
        }) names
      );
    attrByPath =
      path: default: set:
      if path == [ ] then
        set
      else if isAttrs set && set ? ${head path} then
        lib.attrByPath (lib.tail path) default set.${head path}
      else
        default;
    getAttrFromPath =
      path: lib.attrByPath path (abort "cannot find attribute '${concatStringsSep "." path}'");
    hasAttrByPath =
      path: set: path == [ ] || set ? ${head path} && lib.hasAttrByPath (lib.tail path) set.${head path};
    setAttrByPath =
      path: value:
      if path == [ ] then value else { ${head path} = lib.setAttrByPath (lib.tail path) value; };
    collect =
      pred: set:
      if pred set then
        [ set ]
      else if isAttrs set then
        lib.concatMap (lib.collect pred) (attrValues set)
      else
        [ ];
    concatMapAttrs = f: set: foldl' (all: more: all // more) { } (lib.mapAttrsToList f set);
    nameValuePair = name: value: { inherit name value; };
    mapAttrs' = f: set: listToAttrs (map (name: f name set.${name}) (attrNames set));
    mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
    filterAttrs = pred: set: removeAttrs set (filter (name: !pred name set.${name}) (attrNames set));
    optionalAttrs = cond: set: if cond then set else { };
    recursiveUpdate =
      a: b:
      a
      // mapAttrs (
        name: value:
        if isAttrs value && isAttrs (a.${name} or null) then lib.recursiveUpdate a.${name} value else value
      ) b;
    optionals = cond: list: if cond then list else [ ];
    unique = foldl' (acc: x: if elem x acc then acc else acc ++ [ x ]) [ ];
    findFirst =
      pred: default: list:
      let
        found = filter pred list;
      in
      if found == [ ] then default else head found;
    flatten = x: if isList x then concatLists (map lib.flatten x) else [ x ];
    imap1 = f: list: builtins.genList (n: f (n + 1) (elemAt list n)) (length list);
    optional = cond: x: if cond then [ x ] else [ ];
    reverseList = list: builtins.genList (n: elemAt list (length list - 1 - n)) (length list);
    toList = x: if isList x then x else [ x ];
    last = list: elemAt list (length list - 1);

    # strings
    concatMapStringsSep =
      sep: f: list:
      concatStringsSep sep (map f list);
    boolToString = b: if b then "true" else "false";
    concatLines = lib.concatMapStrings (line: line + "\n");
    concatMapStrings = f: list: concatStringsSep "" (map f list);
    optionalString = cond: string: if cond then string else "";
    hasPrefix = prefix: string: substring 0 (stringLength prefix) string == prefix;
    hasSuffix =
      suffix: string:
      let
        at = stringLength string - stringLength suffix;
      in
      at >= 0 && substring at (-1) string == suffix;
    removePrefix =
      prefix: string:
      if lib.hasPrefix prefix string then substring (stringLength prefix) (-1) string else string;
    removeSuffix =
      suffix: string:
      if lib.hasSuffix suffix string then
        substring 0 (stringLength string - stringLength suffix) string
      else
        string;
    toLower =
      let
        upper = lib.splitChars "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        lower = lib.splitChars "abcdefghijklmnopqrstuvwxyz";
      in
      replaceStrings upper lower;
    isStringLike = x: builtins.isString x || builtins.isPath x || x ? outPath || x ? __toString;
    hasInfix = infix: string: length (split (lib.escapeRegex infix) string) > 1;
    splitString = sep: string: filter builtins.isString (split (lib.escapeRegex sep) string);
    escapeRegex = lib.escape (lib.splitChars "\\[{()^$?*+|.");
    escape = list: replaceStrings list (map (c: "\\${c}") list);
    splitChars = s: builtins.genList (i: substring i 1 s) (stringLength s);
    escapeShellArg =
      arg:
      let
        string = toString arg;
      in
      if match "[[:alnum:],._+:@%/-]+" string != null then
        string
      else
        "'${replaceStrings [ "'" ] [ "'\\''" ] string}'";
    escapeShellArgs = lib.concatMapStringsSep " " lib.escapeShellArg;
    strings.escapeNixString =
      string: replaceStrings [ "\${" ] [ "\\\${" ] (builtins.toJSON (toString string));
    versionOlder = a: b: builtins.compareVersions b a == 1;
    versionAtLeast = a: b: !lib.versionOlder a b;
    versions.majorMinor = v: concatStringsSep "." (lib.take 2 (builtins.splitVersion v));
    take = n: list: builtins.genList (elemAt list) (if n < length list then n else length list);

    # sources
    cleanSourceWith =
      {
        src,
        filter,
        name ? "source",
      }:
      {
        inherit name;
        outPath = builtins.path {
          inherit filter name;
          path = src;
        };
      };

    # errors and warnings
    warn = message: builtins.trace "evaluation warning: ${message}";
    showWarnings = messages: value: foldl' (result: message: lib.warn message result) value messages;
    throwIf = cond: message: if cond then throw message else lib.id;
    throwIfNot = cond: lib.throwIf (!cond);

    # packages
    isDerivation = value: value.type or null == "derivation";
    toDerivation =
      path:
      let
        self = {
          type = "derivation";
          name = lib.substring 33 (-1) (baseNameOf path);
          outPath = builtins.storePath path;
          outputs = [ "out" ];
          out = self;
          outputName = "out";
        };
      in
      self;
    isStorePath = x: lib.isStringLike x && dirOf (toString x) == builtins.storeDir;
    getOutput =
      output: pkg:
      if !(pkg.outputSpecified or false) && pkg ? ${output} then pkg.${output} else pkg.out or pkg;
    getLib = lib.getOutput "lib";
    getDev = lib.getOutput "dev";
    getBin = lib.getOutput "bin";
    getVersion =
      pkg: pkg.version or (builtins.parseDrvName (if isAttrs pkg then pkg.name else pkg)).version;
    mapNullable = f: value: if value == null then null else f value;
    getName = pkg: pkg.pname or (builtins.parseDrvName (if isAttrs pkg then pkg.name else pkg)).name;
    getExe = pkg: lib.getExe' pkg pkg.meta.mainProgram;
    getExe' = pkg: name: "${lib.getBin pkg}/bin/${name}";
    makeBinPath = pkgs: lib.makeSearchPath "bin" (map lib.getBin pkgs);
    makeSearchPath = sub: pkgs: lib.concatMapStringsSep ":" (pkg: "${pkg}/${sub}") pkgs;
    meta.availableOn = platform: pkg: elem platform.system (pkg.meta.platforms or [ platform.system ]);
    makeOverridable =
      f: args:
      let
        result = f args;
        again = new: lib.makeOverridable f (args // lib.toFunction new args);
      in
      if isAttrs result then
        result
        // {
          override = again;
        }
        // lib.optionalAttrs (result ? overrideAttrs) {
          overrideAttrs = attrs: lib.makeOverridable (a: (f a).overrideAttrs attrs) args;
        }
      else
        result;
    callPackageWith =
      autoArgs: fn: args:
      let
        f = if lib.isFunction fn then fn else import fn;
        wanted = lib.functionArgs f;
        given = intersectAttrs wanted autoArgs // args;
        missing = filter (name: !wanted.${name} && !given ? ${name}) (attrNames wanted);
      in
      lib.throwIf (missing != [ ])
        "callPackage: ${toString fn}: no value for the arguments ${concatStringsSep ", " missing}"
        (lib.makeOverridable f given);
    makeScope =
      newScope: f:
      let
        self = f self // {
          newScope = scope: newScope (self // scope);
          callPackage = self.newScope { };
          overrideScope = g: lib.makeScope newScope (lib.extends g f);
          packages = f;
        };
      in
      self;

    licenses =
      mapAttrs
        (
          shortName: licence:
          {
            inherit shortName;
            free = true;
            redistributable = true;
          }
          // licence
        )
        {
          mit.fullName = "MIT License";
          mit.spdxId = "MIT";
          gpl2Only.fullName = "GNU General Public License v2.0 only";
          gpl2Only.spdxId = "GPL-2.0-only";
          asl20.fullName = "Apache License 2.0";
          asl20.spdxId = "Apache-2.0";
          unfree = {
            fullName = "Unfree";
            free = false;
            redistributable = false;
          };
          unfreeRedistributable = {
            fullName = "Unfree redistributable";
            free = false;
          };
        };
    sourceTypes =
      mapAttrs
        (shortName: isSource: {
          inherit shortName isSource;
        })
        {
          fromSource = true;
          binaryNativeCode = false;
          binaryBytecode = false;
        };
    platforms.linux = [
      "aarch64-linux"
      "x86_64-linux"
    ];

    systems.elaborate =
      arg:
      let
        system = if builtins.isString arg then arg else arg.system;
        cpu = head (match "([^-]+)-linux" system);
      in
      {
        inherit system;
        config = "${cpu}-unknown-linux-gnu";
        parsed.cpu.name = cpu;
        isLinux = true;
        isAarch64 = cpu == "aarch64";
        isx86_64 = cpu == "x86_64";
        is64bit = true;
        canExecute = other: other.system == system;
      };
    systems.equals = a: b: a.system == b.system;
  }
  // import ./modules.nix { inherit lib; }
  // import ./options.nix { inherit lib; }
  // import ./pretty.nix { inherit lib; }
  // import ./types.nix { inherit lib; };
in
lib
