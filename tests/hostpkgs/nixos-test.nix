# pkgs.testers.runNixOSTest without nixpkgs: the machines' systems and the script that drives them. Building it says what it
# takes to run one; evaluating it evaluates all of them.
{ lib, pkgs }:
test:
let
  inherit (lib) mkOption types;
  # As types.deferredModule: what several modules say of one machine is imported together.
  module = lib.mkOptionType {
    name = "deferredModule";
    check = value: lib.isAttrs value || lib.isFunction value || builtins.isPath value;
    merge = _: definitions: { imports = lib.getValues definitions; };
  };
  options = {
    name = mkOption {
      type = types.str;
      description = "The test's name.";
    };
    meta.platforms = mkOption {
      type = types.listOf types.raw;
      default = lib.platforms.linux;
      description = "Where it can run.";
    };
    nodes = mkOption {
      type = types.lazyAttrsOf module;
      description = "The machines.";
    };
    defaults = mkOption {
      type = module;
      default = { };
      description = "What all machines have.";
    };
    testScript = mkOption {
      type = types.str;
      description = "The Python that drives the machines.";
    };
  };
  inherit
    (lib.evalModules {
      modules = [
        { inherit options; }
        test
      ];
    })
    config
    ;
  nodes = lib.mapAttrs (
    name: node:
    (import ./nixos {
      inherit pkgs;
      modules = [
        ./nixos/vm.nix
        config.defaults
        node
        { networking.hostName = lib.mkDefault name; }
      ];
    }).config
  ) config.nodes;
in
pkgs.runCommand "vm-test-run-${config.name}" { inherit (config) meta; } ''
  # ${toString (lib.mapAttrsToList (_: node: node.system.build.toplevel) nodes)}
  die "a VM test needs nixpkgs: nixos-test-driver is not in this package set"
''
// {
  config = config // {
    inherit nodes;
    testScriptString = config.testScript;
  };
}
