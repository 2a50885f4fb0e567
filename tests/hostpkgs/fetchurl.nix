# Fixed-output fetches with the host's curl: mirrors in turn, the last failure names them all.
{ lib, stdenv }:
{
  url ? null,
  urls ? [ url ],
  hash,
  name ? baseNameOf (lib.head urls),
  passthru ? { },
}:
derivation {
  inherit name urls;
  inherit (stdenv.buildPlatform) system;
  builder = "/bin/bash";
  args = [
    "-c"
    ''
      PATH=/usr/bin:/bin
      for url in $urls; do
        echo "trying $url"
        if curl --fail --silent --show-error --location --retry 2 --connect-timeout 15 -o "$out" "$url"; then exit 0; fi
      done
      echo "error: cannot download $name from any mirror: $urls" >&2
      exit 1
    ''
  ];
  outputHash = hash;
  outputHashMode = "flat";
  outputHashAlgo = null;
  impureEnvVars = [
    "http_proxy"
    "https_proxy"
    "no_proxy"
  ];
  preferLocalBuild = true;
}
// passthru
// {
  inherit urls;
}
