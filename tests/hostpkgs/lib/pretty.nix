# Nix values as text for people, as messages and documentation show them.
{ lib }:
let
  inherit (lib) concatMapStringsSep concatStringsSep isAttrs;

  escaped = lib.escape [
    "\""
    "\\"
  ];
  # ${ begins an antiquotation in either kind of string.
  dollar = quote: lib.replaceStrings [ "\${" ] [ "${quote}\${" ];

  text =
    indent: value:
    let
      lines = lib.splitString "\n" value;
      inner = "\n${indent}  ";
      plain = dollar "''" (lib.replaceStrings [ "''" ] [ "'''" ] (concatStringsSep inner lines));
    in
    if lib.length lines == 1 then
      ''"${dollar "\\" (escaped value)}"''
    else if lib.last lines == "" then
      "''${inner}${lib.removeSuffix inner plain}\n${indent}''"
    else
      "''${inner}${plain}''";

  function =
    value:
    let
      formals = lib.functionArgs value;
      shown = lib.mapAttrsToList (name: optional: name + lib.optionalString optional "?") formals;
    in
    if formals == { } then "<function>" else "<function, args: {${concatStringsSep ", " shown}}>";

  name =
    key:
    if lib.match "[[:alpha:]_][[:alnum:]_'-]*" key != null then
      key
    else
      lib.strings.escapeNixString key;

  # left: how many levels are shown yet; null for all of them.
  pretty =
    left: indent: value:
    let
      inner = "${indent}  ";
      less = if left == null then null else left - 1;
      block =
        open: close: items:
        "${open}\n${inner}${concatStringsSep "\n${inner}" items}\n${indent}${close}";
    in
    if left != null && left < 0 then
      "<unevaluated>"
    else if lib.isInt value then
      toString value
    else if lib.isFloat value then
      builtins.toJSON value
    else if lib.isString value then
      text indent value
    else if value == true then
      "true"
    else if value == false then
      "false"
    else if value == null then
      "null"
    else if builtins.isPath value then
      toString value
    else if lib.isList value then
      if value == [ ] then "[ ]" else block "[" "]" (map (pretty less inner) value)
    else if isAttrs value then
      if value ? __functor then
        "<function>"
      else if lib.isDerivation value then
        "<derivation ${value.name or "???"}>"
      else if value == { } then
        "{ }"
      else
        block "{" "}" (lib.mapAttrsToList (key: item: "${name key} = ${pretty less inner item};") value)
    else
      function value;
in
{
  inherit pretty;
  generators.toPretty = _: pretty null "";
}
