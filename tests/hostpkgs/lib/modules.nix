# The module system, as nixpkgs' manual describes it. Left out: disabledModules, freeformType, classes, and types of two
# declarations that would have to be merged into a third.
{ lib }:
let
  inherit (lib)
    concatMap
    filter
    isAttrs
    isOption
    mapAttrs
    showDefs
    showFiles
    showOption
    types
    ;

  # Properties: values that say something about a definition instead of being one.
  mkIf = condition: content: {
    _type = "if";
    inherit condition content;
  };
  mkMerge = contents: {
    _type = "merge";
    inherit contents;
  };
  mkOverride = priority: content: {
    _type = "override";
    inherit priority content;
  };
  mkOrder = priority: content: {
    _type = "order";
    inherit priority content;
  };
  mkDefault = mkOverride 1000;
  mkOptionDefault = mkOverride 1500;
  isProperty = kind: value: isAttrs value && value._type or null == kind;
  plainPriority = 100;
  plainOrder = 1000;

  # The plain attribute sets in a definition of a set, each attribute under the properties that were around the set. The
  # condition of an mkIf is not looked at: it may depend on what the other attributes define.
  spread =
    value:
    if isProperty "merge" value then
      concatMap spread value.contents
    else if isProperty "if" value || isProperty "override" value || isProperty "order" value then
      map (mapAttrs (_: content: value // { inherit content; })) (spread value.content)
    else
      [ value ];

  # The definitions in one definition: those under false conditions are gone.
  discharge =
    value:
    if isProperty "merge" value then
      concatMap discharge value.contents
    else if isProperty "if" value then
      if lib.isBool value.condition then
        lib.optionals value.condition (discharge value.content)
      else
        throw "‘mkIf’ called with a non-Boolean condition"
    else
      [ value ];

  priorityOf =
    kind: default: value:
    if isProperty kind value then value.priority else default;
  without = kind: value: if isProperty kind value then value.content else value;

  # definitions: [ { file; value; } ] for the place `loc`. What remains of them, and the value they make.
  mergeDefinitions =
    loc: type: definitions:
    let
      discharged = concatMap (
        definition: map (value: definition // { inherit value; }) (discharge definition.value)
      ) definitions;
      priority = definition: priorityOf "override" plainPriority definition.value;
      highestPrio = lib.foldl' (lowest: d: lib.min lowest (priority d)) 9999 discharged;
      strongest = map (d: d // { value = without "override" d.value; }) (
        filter (d: priority d == highestPrio) discharged
      );
      order = definition: priorityOf "order" plainOrder definition.value;
      defsFinal = map (d: d // { value = without "order" d.value; }) (
        if lib.any (d: isProperty "order" d.value) strongest then
          lib.sort (a: b: order a < order b) strongest
        else
          strongest
      );
      refused = filter (d: !type.check d.value) defsFinal;
    in
    {
      inherit defsFinal highestPrio;
      isDefined = defsFinal != [ ];
      mergedValue =
        if defsFinal == [ ] && type.emptyValue ? value then
          type.emptyValue.value
        else if defsFinal == [ ] then
          throw "The option `${showOption loc}' was accessed but has no value defined. Try setting the option."
        else if refused != [ ] then
          throw "A definition for option `${showOption loc}' is not of type `${type.description}'. Definition values:${showDefs refused}"
        else
          type.merge loc defsFinal;
    };

  # One option of several declarations: each may say what the others do not.
  combine =
    loc: declarations:
    lib.foldl' (
      known: declaration:
      let
        same = lib.attrNames (builtins.intersectAttrs known declaration.option);
        twice = filter (
          name:
          lib.elem name [
            "default"
            "example"
            "description"
            "apply"
          ]
          || name == "type" && known.type.description != declaration.option.type.description
        ) same;
      in
      if twice != [ ] then
        throw "The option `${showOption loc}' in `${declaration.file}' is already declared in ${showFiles known.declarations}."
      else
        declaration.option // known // { declarations = known.declarations ++ [ declaration.file ]; }
    ) { declarations = [ ]; } declarations;

  evalOption =
    loc: declarations: definitions:
    let
      option = {
        type = types.unspecified;
      }
      // combine loc declarations;
      all =
        lib.optional (option ? default) {
          file = lib.head option.declarations;
          value = mkOptionDefault option.default;
        }
        ++ definitions;
      merged = mergeDefinitions loc option.type all;
      each = map (d: d // { value = (mergeDefinitions loc option.type [ d ]).mergedValue; }) all;
      value =
        if option.readOnly or false && lib.length all > 1 then
          throw "The option `${showOption loc}' is read-only, but it's set multiple times. Definition values:${showDefs each}"
        else
          merged.mergedValue;
    in
    option
    // {
      inherit loc;
      inherit (merged) isDefined highestPrio;
      value = (option.apply or lib.id) value;
      files = map (d: d.file) merged.defsFinal;
      definitions = map (d: d.value) merged.defsFinal;
      definitionsWithLocations = merged.defsFinal;
      options = option.type.getSubOptions loc;
      __toString = _: showOption loc;
    };

  # [ { file; value; } ] with sets as values -> name -> [ { file; value; } ]
  byName =
    tagged:
    builtins.zipAttrsWith (_: values: values) (
      map ({ file, value }: mapAttrs (_: value: { inherit file value; }) value) tagged
    );

  # All that is declared and defined below `loc`.
  evalTree =
    loc: declarations: definitions:
    let
      declared = byName (map (checkDeclaration loc) declarations);
      defined = byName (
        concatMap (
          { file, value }: map (value: checkDefinition loc { inherit file value; }) (spread value)
        ) definitions
      );
      below = mapAttrs (
        name: here:
        let
          place = loc ++ [ name ];
          definitionsHere = defined.${name} or [ ];
          options = filter (d: isOption d.value) here;
          others = filter (d: !isOption d.value) here;
          evaluated = evalOption place (map (d: {
            inherit (d) file;
            option = d.value;
          }) options) definitionsHere;
        in
        if options == [ ] then
          evalTree place here definitionsHere
        else if others != [ ] then
          throw (parentOfOptions place (lib.head options) others)
        else
          {
            options = evaluated;
            config = evaluated.value;
            unmatched = [ ];
          }
      ) declared;
    in
    {
      options = mapAttrs (_: branch: branch.options) below;
      config = mapAttrs (_: branch: branch.config) below;
      unmatched =
        lib.mapAttrsToList (name: definitions: {
          place = loc ++ [ name ];
          inherit definitions;
        }) (removeAttrs defined (lib.attrNames declared))
        ++ concatMap (branch: branch.unmatched) (lib.attrValues below);
    };

  checkDeclaration =
    loc: declaration:
    if isAttrs declaration.value then
      declaration
    else
      throw ''
        An option declaration for `${showOption loc}' has type
        `${builtins.typeOf declaration.value}' rather than an attribute set.
        Did you mean to define this outside of `options'?'';

  checkDefinition =
    loc: definition:
    if isAttrs definition.value then
      definition
    else
      throw ''
        In module `${definition.file}', you're trying to define a value of type `${builtins.typeOf definition.value}'
        rather than an attribute set for the option
        `${showOption loc}'!

        This usually happens if `${showOption loc}' has option
        definitions inside that are not matched. Please check how to properly define
        this option by e.g. referring to `man 5 configuration.nix'!'';

  parentOfOptions =
    place: option: others:
    "The option `${showOption place}' in module `${option.file}' would be a parent of the following options, but its type `${
      (option.value.type or types.unspecified).description
    }' does not support nested options.\n"
    + lib.concatMapStringsSep "\n" (
      other:
      lib.concatMapStringsSep "\n" (
        name: "- option(s) with prefix `${showOption (place ++ [ name ])}' in module `${other.file}'"
      ) (lib.attrNames other.value)
    ) others;

  unknownOption =
    loc: tree:
    let
      first = lib.head tree.unmatched;
      declared = lib.attrNames (removeAttrs tree.options [ "_module" ]);
    in
    "The option `${showOption first.place}' does not exist. Definition values:${showDefs (lib.take 1 first.definitions)}"
    + lib.optionalString (declared == [ ]) (
      if loc == [ ] then
        "\n\nIt seems as if you're trying to declare an option by placing it into `config' rather than `options'!"
      else
        "\n\nHowever there are no options defined in `${showOption loc}'. Are you sure you've\ndeclared your options properly? This can happen if you e.g. declared your options in `types.submodule'\nunder `config' rather than `options'."
    );

  # A module as people write it -> { key; file; imports; options; config; }
  load =
    arguments: fallback: module:
    let
      isPath = !isAttrs module && !lib.isFunction module;
      file = if isPath then toString module else fallback.file;
      key = if isPath then toString module else fallback.key;
      imported = if isPath then import module else module;
      applied = if lib.isFunction imported then callModule arguments imported else imported;
      written =
        if isProperty "if" applied || isProperty "override" applied then { config = applied; } else applied;
      administration = [
        "_class"
        "_file"
        "imports"
        "key"
      ];
      sections = [
        "config"
        "meta"
        "options"
      ];
      strays = lib.attrNames (removeAttrs written (administration ++ sections));
      long = written ? config || written ? options;
    in
    if !isAttrs written then
      throw "module ${file} (${key}) does not look like a module."
    else if long && strays != [ ] then
      throw "Module `${key}' has an unsupported attribute `${lib.head strays}'. This is caused by introducing a top-level `config' or `options' attribute. Add configuration attributes immediately on the top level instead, or move all of them (namely: ${toString strays}) into the explicit `config' attribute."
    else
      {
        file = toString (written._file or file);
        key = toString (written.key or key);
        imports = written.imports or [ ];
        options = written.options or { };
        config = if long then written.config or { } else removeAttrs written administration;
      };

  # Every argument that a module names: one that nobody passes is looked for in _module.args.
  callModule =
    arguments: f:
    f (mapAttrs (name: _: arguments.config._module.args.${name}) (lib.functionArgs f) // arguments);

  # Modules and all they import, each key once, importing ones before what they import.
  collect =
    arguments: modules:
    let
      below =
        parent: list:
        lib.imap1 (
          n:
          load arguments {
            inherit (parent) file;
            key = "${parent.key}:anon-${toString n}";
          }
        ) list;
    in
    builtins.genericClosure {
      startSet = below {
        file = lib.unknownModule;
        key = "";
      } modules;
      operator = unit: below unit unit.imports;
    };

  evalModules =
    {
      modules,
      specialArgs ? { },
      prefix ? [ ],
    }:
    let
      arguments = {
        inherit lib specialArgs;
        inherit (tree) config options;
      }
      // specialArgs;
      base = {
        _file = "lib/modules.nix";
        key = "lib/modules.nix";
        options._module = {
          args = lib.mkOption {
            type = types.lazyAttrsOf types.raw;
            internal = prefix != [ ];
            description = "Further arguments for every module.";
          };
          check = lib.mkOption {
            type = types.bool;
            internal = true;
            default = true;
            description = "Whether definitions of options that do not exist are errors.";
          };
        };
        config._module.args = { inherit extendModules; };
      };
      # Later modules' definitions come first.
      units = lib.reverseList (collect arguments (modules ++ [ base ]));
      tree =
        evalTree prefix
          (map (unit: {
            inherit (unit) file;
            value = unit.options;
          }) units)
          (
            map (unit: {
              inherit (unit) file;
              value = unit.config;
            }) units
          );
      extendModules =
        {
          modules ? [ ],
          specialArgs ? { },
          prefix ? [ ],
        }:
        evalModules {
          modules = given.modules ++ modules;
          specialArgs = given.specialArgs // specialArgs;
          prefix = if prefix == [ ] then given.prefix else prefix;
        };
      given = { inherit modules specialArgs prefix; };
      checked =
        value:
        if tree.config._module.check && tree.unmatched != [ ] then
          throw (unknownOption prefix tree)
        else
          value;
    in
    {
      _type = "configuration";
      options = checked tree.options;
      config = checked (removeAttrs tree.config [ "_module" ]);
      _module = checked tree.config._module;
      inherit extendModules;
    };

  # A module in which `from` stands for `to`, with the priority that its definitions have.
  alias =
    {
      from,
      to,
      warn ? false,
    }:
    { config, options, ... }:
    let
      old = lib.getAttrFromPath from options;
      target = lib.attrByPath to null options;
      use =
        value:
        if warn then
          builtins.trace "Obsolete option `${showOption from}' is used. It was renamed to `${showOption to}'." value
        else
          value;
    in
    {
      options = lib.setAttrByPath from (
        lib.mkOption {
          visible = !warn;
          description = "Alias of {option}`${showOption to}`.";
          apply =
            _:
            use (lib.attrByPath to (abort "Renaming error: option `${showOption to}' does not exist.") config);
        }
        // lib.optionalAttrs (target ? type) { inherit (target) type; }
      );
      config = mkMerge [
        (lib.optionalAttrs (warn && options ? warnings) {
          warnings = lib.optional old.isDefined "The option `${showOption from}' defined in ${showFiles old.files} has been renamed to `${showOption to}'.";
        })
        (mkIf old.isDefined (
          lib.setAttrByPath to (mkMerge (map (mkOverride old.highestPrio) old.definitions))
        ))
      ];
    };
in
{
  inherit
    evalModules
    mergeDefinitions
    mkDefault
    mkIf
    mkMerge
    mkOptionDefault
    mkOrder
    mkOverride
    ;
  mkForce = mkOverride 50;
  mkVMOverride = mkOverride 10;
  mkBefore = mkOrder 500;
  mkAfter = mkOrder 1500;
  # What types of sets do with their definitions before they merge them attribute by attribute.
  pushDownProperties = spread;

  mkAliasOptionModule = from: to: alias { inherit from to; };
  mkRenamedOptionModule =
    from: to:
    alias {
      inherit from to;
      warn = true;
    };
  mkRemovedOptionModule =
    path: replacement:
    { options, ... }:
    let
      removed = lib.getAttrFromPath path options;
    in
    {
      options = lib.setAttrByPath path (
        lib.mkOption {
          visible = false;
          apply =
            _:
            throw "The option `${showOption path}' can no longer be used since it's been removed. ${replacement}";
        }
      );
      config.assertions = [
        {
          assertion = !removed.isDefined;
          message = "The option definition `${showOption path}' in ${showFiles removed.files} no longer has any effect; please remove it.\n${replacement}\n";
        }
      ];
    };
}
