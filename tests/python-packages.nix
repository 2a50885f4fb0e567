# What the tests import; scripts/requirements.txt is the same for machines without nixpkgs.
ps: [
  ps.hypothesis
  ps.numpy
  ps.packaging
  ps.pexpect
  ps.pyelftools
  ps.pytest
  ps.rich
  ps.tomlkit
  ps.urllib3
]
