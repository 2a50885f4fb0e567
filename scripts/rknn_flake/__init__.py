"""Build, test and demonstrate the RKNN flake on machines with or without nixpkgs."""
