# A package that is different each time, to show that the comparison of two builds sees it.
{
  runCommand,
  what ? "date +%N",
}:
runCommand "impure" { } "${what} >$out"
