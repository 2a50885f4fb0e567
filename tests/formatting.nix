# The formatter run on the tree; a check that only built the formatter would always pass.
{
  runCommand,
  nixfmt-tree,
}:
runCommand "rknn-formatting"
  {
    nativeBuildInputs = [ nixfmt-tree ];
    src = ./..;
  }
  ''
    cp -r $src tree && chmod -R u+w tree && cd tree
    treefmt --ci --tree-root .
    touch $out
  ''
