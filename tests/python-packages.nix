# What the tests import; scripts/requirements.txt is the same for machines without nixpkgs.
ps: [
  ps.fastjsonschema
  ps.grpcio
  ps.hypothesis
  ps.numpy
  ps.packaging
  ps.pexpect
  ps.protobuf
  ps.pyelftools
  ps.pytest
  ps.rich
  ps.ruamel-yaml
  ps.tomlkit
  ps.urllib3
]
