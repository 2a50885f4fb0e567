{
  description = "A nixpkgs-shaped package set made of this machine's own tools, for tests without nixpkgs";

  outputs = _: {
    lib = import ./lib // {
      nixosSystem = import ./nixos;
    };
    legacyPackages = (import ./lib).genAttrs [ "aarch64-linux" "x86_64-linux" ] (
      system: import ./. { inherit system; }
    );
  };
}
