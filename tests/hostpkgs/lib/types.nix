# Option types. A type checks one definition (check), makes a value of all (merge), and knows what to call itself; its
# descriptionClass says where that needs parentheses.
{ lib }:
let
  inherit (lib)
    all
    concatMap
    elem
    filter
    head
    isAttrs
    isFunction
    isInt
    isList
    isString
    last
    length
    mapAttrs
    mergeDefinitions
    mergeEqualOption
    mergeOneOption
    showFiles
    showOption
    ;

  mkOptionType =
    {
      name,
      description ? name,
      descriptionClass ? null,
      check ? _: true,
      merge ? lib.mergeDefaultOption,
      emptyValue ? { },
      getSubOptions ? _: { },
      getSubModules ? null,
      nestedTypes ? { },
    }:
    {
      _type = "option-type";
      inherit
        name
        description
        descriptionClass
        check
        merge
        emptyValue
        getSubOptions
        getSubModules
        nestedTypes
        ;
    };

  # A type's description as part of another one.
  described =
    classes: type:
    if elem (type.descriptionClass or null) classes then type.description else "(${type.description})";
  asNoun = described [
    "noun"
    "composite"
  ];
  asChoice = described [
    "noun"
    "conjunction"
  ];
  asLastChoice = described [
    "noun"
    "conjunction"
    "composite"
  ];

  simple =
    name: description: check:
    mkOptionType {
      inherit name description check;
      descriptionClass = "noun";
      merge = mergeEqualOption;
    };
  refined =
    type: description: check:
    type
    // {
      inherit description;
      descriptionClass = "nonRestrictiveClause";
      check = value: type.check value && check value;
    };
  # One that merges attribute by attribute; the names are known only after all conditions are, unless it is lazy.
  attributes =
    lazy: elemType:
    mkOptionType {
      name = if lazy then "lazyAttrsOf" else "attrsOf";
      description = "${lib.optionalString lazy "lazy "}attribute set of ${asNoun elemType}";
      descriptionClass = "composite";
      check = isAttrs;
      emptyValue.value = { };
      getSubOptions = loc: elemType.getSubOptions (loc ++ [ "<name>" ]);
      inherit (elemType) getSubModules;
      nestedTypes = { inherit elemType; };
      merge =
        loc: definitions:
        let
          merged = builtins.zipAttrsWith (name: mergeDefinitions (loc ++ [ name ]) elemType) (
            concatMap (
              { file, value, ... }:
              map (mapAttrs (_: value: { inherit file value; })) (lib.pushDownProperties value)
            ) definitions
          );
        in
        if lazy then
          mapAttrs (
            _: one: if one.isDefined then one.mergedValue else elemType.emptyValue.value or one.mergedValue
          ) merged
        else
          mapAttrs (_: one: one.mergedValue) (lib.filterAttrs (_: one: one.isDefined) merged);
    };

  types = {
    raw = mkOptionType {
      name = "raw";
      description = "raw value";
      descriptionClass = "noun";
      merge = mergeOneOption;
    };
    unspecified = mkOptionType {
      name = "unspecified";
      description = "unspecified value";
      descriptionClass = "noun";
    };
    anything = mkOptionType {
      name = "anything";
      description = "anything";
      descriptionClass = "noun";
      merge =
        loc: definitions:
        let
          list = lib.getValues definitions;
          kinds = lib.unique (map builtins.typeOf list);
          plainSet = value: isAttrs value && !(lib.isStringLike value);
        in
        if all plainSet list then
          (types.lazyAttrsOf types.anything).merge loc definitions
        else if all isFunction list then
          argument:
          types.anything.merge (loc ++ [ "<function body>" ]) (
            map (d: d // { value = d.value argument; }) definitions
          )
        else if length kinds > 1 then
          throw "The option `${showOption loc}' has conflicting option types in ${showFiles (lib.getFiles definitions)}"
        else
          mergeEqualOption loc definitions;
    };

    bool = simple "bool" "boolean" lib.isBool;
    int = simple "int" "signed integer" isInt;
    float = simple "float" "floating point number" lib.isFloat;
    str = simple "str" "string" isString;
    ints = {
      between =
        lowest: highest:
        if lowest > highest then
          throw "ints.between: lowest must be smaller than highest"
        else
          refined types.int "integer between ${toString lowest} and ${toString highest} (both inclusive)" (
            x: x >= lowest && x <= highest
          )
          // {
            name = "intBetween";
            descriptionClass = "noun";
          };
      positive = refined types.int "positive integer, meaning >0" (x: x > 0) // {
        name = "positiveInt";
      };
      unsigned = refined types.int "unsigned integer, meaning >=0" (x: x >= 0) // {
        name = "unsignedInt";
      };
    };
    port =
      refined types.int "16 bit unsigned integer; between 0 and 65535 (both inclusive)" (
        x: x >= 0 && x <= 65535
      )
      // {
        name = "unsignedInt16";
        descriptionClass = "noun";
      };

    nonEmptyStr = simple "nonEmptyStr" "non-empty string" (
      x: isString x && lib.match "[ \t\n]*" x == null
    );
    singleLineStr =
      simple "singleLineStr" "(optionally newline-terminated) single-line string" (
        x: isString x && lib.match "[^\n\r]*\n?" x != null
      )
      // {
        merge = loc: definitions: lib.removeSuffix "\n" (types.str.merge loc definitions);
      };
    strMatching =
      pattern:
      simple "strMatching ${lib.strings.escapeNixString pattern}" "string matching the pattern ${pattern}"
        (x: isString x && lib.match pattern x != null);
    separatedString =
      separator:
      types.str
      // {
        name = "separatedString";
        description = "strings concatenated with ${lib.strings.escapeNixString separator}";
        merge = _: definitions: lib.concatStringsSep separator (lib.getValues definitions);
      };
    lines = types.separatedString "\n";
    commas = types.separatedString ",";

    path = simple "path" "absolute path" (
      x: lib.isStringLike x && lib.substring 0 1 (toString x) == "/"
    );
    package = simple "package" "package" (x: lib.isDerivation x || lib.isStorePath x) // {
      merge =
        loc: definitions:
        let
          package = mergeOneOption loc definitions;
        in
        if lib.isDerivation package then package else lib.toDerivation package;
    };
    enum =
      allowed:
      let
        shown =
          value:
          if isString value then
            ''"${value}"''
          else if isInt value then
            toString value
          else if lib.isBool value then
            lib.boolToString value
          else
            "<${builtins.typeOf value}>";
      in
      mkOptionType {
        name = "enum";
        description =
          if allowed == [ ] then
            "impossible (empty enum)"
          else if length allowed == 1 then
            "value ${shown (head allowed)} (singular enum)"
          else
            "one of ${lib.concatMapStringsSep ", " shown allowed}";
        descriptionClass = if length allowed < 2 then "noun" else "conjunction";
        check = value: elem value allowed;
        merge = mergeEqualOption;
      };

    attrs = mkOptionType {
      name = "attrs";
      description = "attribute set";
      check = isAttrs;
      merge = _: lib.foldl' (merged: definition: merged // definition.value) { };
      emptyValue.value = { };
    };
    attrsOf = attributes false;
    lazyAttrsOf = attributes true;
    listOf =
      elemType:
      mkOptionType {
        name = "listOf";
        description = "list of ${asNoun elemType}";
        descriptionClass = "composite";
        check = isList;
        emptyValue.value = [ ];
        getSubOptions = loc: elemType.getSubOptions (loc ++ [ "*" ]);
        inherit (elemType) getSubModules;
        nestedTypes = { inherit elemType; };
        merge =
          loc: definitions:
          map (one: one.mergedValue) (
            filter (one: one.isDefined) (
              lib.concatLists (
                lib.imap1 (
                  n:
                  { file, value, ... }:
                  lib.imap1 (
                    m: value:
                    mergeDefinitions (loc ++ [ "[definition ${toString n}-entry ${toString m}]" ]) elemType [
                      { inherit file value; }
                    ]
                  ) value
                ) definitions
              )
            )
          );
      };

    nullOr =
      elemType:
      mkOptionType {
        name = "nullOr";
        description = "null or ${asChoice elemType}";
        descriptionClass = "conjunction";
        check = value: value == null || elemType.check value;
        emptyValue.value = null;
        inherit (elemType) getSubOptions getSubModules;
        nestedTypes = { inherit elemType; };
        merge =
          loc: definitions:
          let
            nulls = filter (definition: definition.value == null) definitions;
          in
          if nulls == [ ] then
            elemType.merge loc definitions
          else if length nulls == length definitions then
            null
          else
            throw "The option `${showOption loc}` is defined both null and not null, in ${showFiles (lib.getFiles definitions)}.";
      };
    either =
      left: right:
      let
        first =
          if left.descriptionClass == "nonRestrictiveClause" then "${left.description}," else asChoice left;
        description = "${first} or ${asLastChoice right}";
      in
      mkOptionType {
        name = "either";
        inherit description;
        descriptionClass = "conjunction";
        check = value: left.check value || right.check value;
        nestedTypes = { inherit left right; };
        merge =
          loc: definitions:
          let
            list = lib.getValues definitions;
          in
          if all left.check list then
            left.merge loc definitions
          else if all right.check list then
            right.merge loc definitions
          else
            throw "A definition for option `${showOption loc}' is not of type `${description}'. Definition values:${lib.showDefs definitions}";
      };
    oneOf = list: lib.foldl' types.either (head list) (lib.tail list);
    coercedTo =
      coercedType: coerce: finalType:
      let
        coerced = value: if coercedType.check value then coerce value else value;
      in
      mkOptionType {
        name = "coercedTo";
        description = "${described [ "noun" ] finalType} or ${
          described [ "noun" ] coercedType
        } convertible to it";
        check = value: (coercedType.check value && finalType.check (coerce value)) || finalType.check value;
        inherit (finalType) emptyValue getSubOptions getSubModules;
        nestedTypes = { inherit coercedType finalType; };
        merge =
          loc: definitions: finalType.merge loc (map (d: d // { value = coerced d.value; }) definitions);
      };
    uniq =
      type:
      type
      // {
        name = "unique";
        merge =
          loc: definitions: builtins.seq (mergeOneOption loc definitions) (type.merge loc definitions);
        nestedTypes.elemType = type;
      };
    functionTo =
      elemType:
      mkOptionType {
        name = "functionTo";
        description = "function that evaluates to a(n) ${asNoun elemType}";
        descriptionClass = "composite";
        check = isFunction;
        getSubOptions = loc: elemType.getSubOptions (loc ++ [ "<function body>" ]);
        inherit (elemType) getSubModules;
        nestedTypes = { inherit elemType; };
        merge =
          loc: definitions: argument:
          (mergeDefinitions (loc ++ [ "<function body>" ]) elemType (
            map (d: d // { value = d.value argument; }) definitions
          )).mergedValue;
      };

    # A set that has options of its own. Its name, among other modules' sets like it, is an argument of its modules.
    submodule =
      modules:
      let
        list = lib.toList modules;
        evaluate =
          name: prefix: more:
          lib.evalModules {
            inherit prefix;
            modules = [ { _module.args.name = lib.mkOptionDefault name; } ] ++ list ++ more;
          };
        asModule =
          { file, value, ... }:
          if isAttrs value then
            {
              _file = file;
              config = value;
            }
          else
            {
              _file = file;
              imports = [ value ];
            };
      in
      mkOptionType {
        name = "submodule";
        description = "submodule";
        check = value: isAttrs value || isFunction value || types.path.check value;
        emptyValue.value = (evaluate "‹name›" [ ] [ ]).config;
        getSubOptions = prefix: removeAttrs (evaluate "‹name›" prefix [ ]).options [ "_module" ];
        getSubModules = list;
        merge = loc: definitions: (evaluate (last loc) loc (map asModule definitions)).config;
      };
  };
in
{
  inherit types mkOptionType;
}
