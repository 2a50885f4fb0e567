# Packages that are not the same each time, to show that comparing builds sees it; and some that are.
{ runCommand, writeText }:
let
  noting = name: what: runCommand name { } "${what} >$out";
  time = noting "time" "date +%s%N";
in
{
  inherit time;
  clock = noting "clock" "date +%Y";
  folder = noting "folder" "pwd";
  cores = noting "cores" "echo $NIX_BUILD_CORES";
  processors = noting "processors" "nproc";
  zone = noting "zone" "env -u TZ date +%Z";
  random = noting "random" "od -An -N8 -tx8 /dev/urandom";
  order = runCommand "order" { } ''
    mkdir files
    for name in a b c d e f; do touch files/$name; done
    ls -U files >$out
  '';

  # Pure but for what it takes in.
  dependent = runCommand "dependent" { } "mkdir $out && cp ${time} $out/noted && echo pure >$out/own";
  # Builds in one folder only.
  failing = runCommand "failing" { } "echo this is $PWD; [ $PWD = /build ] && echo built >$out";
  # Another from the third round on, which has more cores than processors.
  late = noting "late" "echo $((NIX_BUILD_CORES > $(nproc)))";

  slow = runCommand "slow" { } "sleep 100; echo done >$out";

  pure = runCommand "pure" { } "echo pure >$out";
  text = writeText "text" "pure";
}
