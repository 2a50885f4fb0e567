# Options: declaring them, and showing them and their definitions to people.
{ lib }:
let
  inherit (lib)
    concatMapStringsSep
    filter
    isAttrs
    isString
    length
    ;

  # Values in a message are cut off below this depth, and after this many lines.
  shownDepth = 10;
  shownLines = 5;

  values = map (definition: definition.value);
  files = map (definition: definition.file);

  mkOption = attributes: attributes // { _type = "option"; };
  isOption = value: isAttrs value && value._type or null == "option";

  # a.b."c.d".*: the parts that stand for any name, and names that Nix needs no quotes for, are written as they are.
  showOption = concatMapStringsSep "." (
    part:
    if lib.match "[[:alpha:]_][[:alnum:]_'-]*|\\*|<name>|<function body>" part != null then
      part
    else
      lib.strings.escapeNixString part
  );
  showFiles = concatMapStringsSep " and " (file: "`${file}'");
  showDefs = lib.concatMapStrings (
    { file, value, ... }:
    let
      shown = builtins.tryEval (lib.pretty shownDepth "" value);
      lines = lib.splitString "\n" shown.value;
      first = lib.take shownLines lines ++ lib.optional (length lines > shownLines) "...";
    in
    "\n- In `${file}'"
    + (
      if !shown.success then
        ""
      else if length lines == 1 then
        ": ${lib.head lines}"
      else
        ":\n    " + lib.concatStringsSep "\n    " first
    )
  );
  priorityAdvice = "Use `lib.mkForce value` or `lib.mkDefault value` to change the priority on any of these definitions.";

  # Modules of a submodule are seldom in files of their own: parents are then where the option around them is declared.
  documented =
    parents: option:
    let
      visible = option.visible or true;
      declarations = filter (file: file != lib.unknownModule) option.declarations;
      # What the option is where nobody says anything; of submodules their own options tell.
      empty = lib.optionalAttrs (option.type.getSubModules == null) option.type.emptyValue;
    in
    {
      inherit (option) loc;
      name = showOption option.loc;
      description = option.description or null;
      declarations = if declarations == [ ] then parents else declarations;
      internal = option.internal or false;
      visible = if lib.isBool visible then visible else visible == "shallow";
      readOnly = option.readOnly or false;
      type = option.type.description or "unspecified";
    }
    // lib.optionalAttrs (option ? example) { example = renderOptionValue option.example; }
    // lib.optionalAttrs (option ? defaultText || option ? default || empty ? value) {
      default = renderOptionValue (option.defaultText or option.default or empty.value);
    }
    // lib.optionalAttrs (option.relatedPackages or null != null) { inherit (option) relatedPackages; };
  renderOptionValue =
    value:
    if isAttrs value && value ? _type && value ? text then
      value
    else
      lib.literalExpression (lib.pretty null "" value);

  # The options below a tree of them, those inside submodules too, as a list that documentation is made from.
  docList =
    parents: tree:
    lib.concatMap (
      option:
      let
        visible = option.visible or true;
        this = documented parents option;
        inside = removeAttrs (option.type.getSubOptions option.loc) [ "_module" ];
      in
      [ this ]
      ++ lib.optionals (visible != "shallow" && visible != false) (docList this.declarations inside)
    ) (lib.collect isOption tree);
in
{
  inherit
    isOption
    mkOption
    renderOptionValue
    showDefs
    showFiles
    showOption
    ;
  unknownModule = "<unknown-file>";
  getValues = values;
  getFiles = files;

  literalExpression =
    text:
    lib.throwIfNot (isString text) "literalExpression expects a string." {
      _type = "literalExpression";
      inherit text;
    };
  literalMD = text: {
    _type = "literalMD";
    inherit text;
  };

  mkEnableOption =
    name:
    mkOption {
      default = false;
      example = true;
      description = "Whether to enable ${name}.";
      type = lib.types.bool;
    };

  mkPackageOption =
    pkgs: name:
    {
      nullable ? false,
      default ? name,
      example ? null,
      extraDescription ? "",
      pkgsText ? "pkgs",
    }:
    let
      text = path: "${pkgsText}.${showOption path}";
      named = lib.last (lib.toList name);
      path = lib.toList default;
      missing = throw "${showOption path} cannot be found in ${pkgsText}";
    in
    mkOption (
      {
        description =
          "The ${named} package to use." + lib.optionalString (extraDescription != "") " ${extraDescription}";
        type = (if nullable then lib.types.nullOr else lib.id) lib.types.package;
      }
      // lib.optionalAttrs (default != null) {
        default = lib.attrByPath path missing pkgs;
        defaultText = lib.literalExpression (text path);
      }
      // lib.optionalAttrs (nullable && default == null) { default = null; }
      // lib.optionalAttrs (example != null) {
        example = lib.literalExpression (if lib.isList example then text example else example);
      }
    );

  # How the definitions of one option become its value: all the same, only one, or whatever can be joined.
  mergeEqualOption =
    loc: definitions:
    let
      first = (lib.head definitions).value;
    in
    if lib.all (definition: definition.value == first) definitions then
      first
    else
      throw "The option `${showOption loc}' has conflicting definition values:${showDefs definitions}\n${priorityAdvice}";
  mergeOneOption =
    loc: definitions:
    if length definitions == 1 then
      (lib.head definitions).value
    else
      throw "The option `${showOption loc}' is defined multiple times while it's expected to be unique.\n\nDefinition values:${showDefs definitions}\n${priorityAdvice}";
  mergeDefaultOption =
    loc: definitions:
    let
      list = values definitions;
    in
    if length list == 1 then
      lib.head list
    else if lib.all lib.isList list then
      lib.concatLists list
    else if lib.all isAttrs list then
      lib.foldl' (all: more: all // more) { } list
    else if lib.all lib.isBool list then
      lib.any lib.id list
    else if lib.all isString list then
      lib.concatStringsSep "" list
    else if lib.all lib.isInt list && lib.all (x: x == lib.head list) list then
      lib.head list
    else
      throw "Cannot merge definitions of `${showOption loc}'. Definition values:${showDefs definitions}";

  optionAttrSetToDocList = docList [ ];
}
