# The builder of every derivation: finds hooks in the inputs, then runs nixpkgs' phases in nixpkgs' order.
set -euo pipefail
shopt -s nullglob
export PATH=/usr/bin:/bin SOURCE_DATE_EPOCH=315532800 LC_ALL=C.UTF-8 HOME=/homeless-shelter
export TZ=UTC PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1
prefix=${out:?}
read -ra outputNames <<<"${outputs:-out}"
outputDev=out
for name in "${outputNames[@]}"; do [ "$name" = dev ] && outputDev=dev; done
declare -a preInstallHooks=() postInstallHooks=() preFixupHooks=() postFixupHooks=() postBuildHooks=() preBuildHooks=() preDistPhases=() hostLibDirs=()

runHook() {
  local name=$1 hook
  local -n list="${name}Hooks" 2>/dev/null || return 0
  if [ -n "${list+set}" ]; then for hook in "${list[@]}"; do eval "$hook"; done; fi
  if [ "$(type -t "$name")" = function ]; then "$name"; elif [ -n "${!name-}" ]; then eval "${!name}"; fi
}
appendToVar() { local -n var=$1; shift; var+=("$@"); }
getAllOutputNames() { echo "${outputNames[@]}"; }
isELF() { [ "$(head -c 4 "$1" | tr -d '\0')" = $'\x7fELF' ]; }
stripHash() { basename "$1" | sed -E "s/^[0-9a-z]{32}-//"; }
die() { echo "error: $*" >&2; exit 1; }
substituteInPlace() {
  local file=$1 text
  shift
  text=$(cat "$file"; printf x) && text=${text%x}
  while [ $# -gt 0 ]; do
    case $1 in
      --replace-fail)
        [[ $text == *"$2"* ]] || die "substituteInPlace $file: pattern $2 not found"
        text=${text//"$2"/"$3"}; shift 3 ;;
      --subst-var-by) text=${text//"@$2@"/"$3"}; shift 3 ;;
      *) die "substituteInPlace: unknown option $1" ;;
    esac
  done
  printf %s "$text" >"$file"
}

# The compilers, with -I, -L and -rpath of the inputs as nixpkgs' wrappers add them.
makeCompilers() {
  local dir=$NIX_BUILD_TOP/.compilers tool input flags=() ldflags=()
  mkdir -p "$dir"
  for input in ${buildInputs-}; do
    [ -d "$input/include" ] && flags+=(-isystem "$input/include")
    [ -d "$input/lib" ] && ldflags+=("-L$input/lib" "-Wl,-rpath,$input/lib")
  done
  for tool in gcc g++; do
    printf '#!/bin/sh\ncase " $* " in *" -c "*|*" -E "*|*" -S "*|*" -print-file-name"*) exec /usr/bin/%s %s "$@";; esac\nexec /usr/bin/%s %s "$@" %s\n' \
      "$hostTriple-$tool" "${flags[*]} -ffile-prefix-map=$NIX_BUILD_TOP=." "$hostTriple-$tool" "${flags[*]} -ffile-prefix-map=$NIX_BUILD_TOP=." "${ldflags[*]-}" >"$dir/$hostTriple-$tool"
    chmod +x "$dir/$hostTriple-$tool"
  done
  export CC=$dir/$hostTriple-gcc CXX=$dir/$hostTriple-g++ AR=$hostTriple-ar STRIP=$hostTriple-strip
}

declare -A seenInputs=()
addInput() {
  [ -z "${seenInputs[$1]-}" ] || return 0
  seenInputs[$1]=1
  if [ -d "$1/bin" ]; then PATH=$1/bin:$PATH; fi
  local further other
  for further in propagated-native-build-inputs propagated-build-inputs; do
    if [ ! -f "$1/nix-support/$further" ]; then continue; fi
    for other in $(cat "$1/nix-support/$further"); do addInput "$other"; done
  done
  if [ -f "$1/nix-support/setup-hook" ]; then
    # shellcheck disable=SC1091
    source "$1/nix-support/setup-hook"
  fi
}

unpackPhase() {
  runHook preUnpack
  if [ -z "${src-}" ]; then die "no src"; fi
  if [ -d "$src" ]; then cp -r "$src" source && chmod -R u+w source && cd source; else tar xf "$src" && cd -- */; fi
  runHook postUnpack
}
patchPhase() { local p; for p in ${patches-}; do patch -p1 <"$p"; done; runHook postPatch; }
configurePhase() { runHook preConfigure; runHook postConfigure; }
buildPhase() {
  runHook preBuild
  if [ -f Makefile ]; then make ${makeFlags-}; fi
  runHook postBuild
}
checkPhase() { runHook preCheck; make ${makeFlags-} ${checkTarget:-check}; runHook postCheck; }
installPhase() { runHook preInstall; make ${makeFlags-} install; runHook postInstall; }
fixupPhase() {
  local output dir file
  runHook preFixup
  if [ "$outputDev" = dev ]; then
    for dir in include lib/pkgconfig lib/cmake; do
      if [ -d "$prefix/$dir" ]; then mkdir -p "$dev/$(dirname $dir)" && mv "$prefix/$dir" "$dev/$dir"; fi
    done
    mkdir -p "$dev/nix-support" && echo "$out ${propagatedBuildInputs-}" >"$dev/nix-support/propagated-build-inputs"
  elif [ -n "${propagatedBuildInputs-}" ]; then
    mkdir -p "$out/nix-support" && echo "$propagatedBuildInputs" >"$out/nix-support/propagated-build-inputs"
  fi
  for output in "${outputNames[@]}"; do
    if [ ! -d "${!output}" ]; then continue; fi
    while IFS= read -r -d '' file; do
      if [ "$(head -c 2 "$file")" = "#!" ]; then sed -i "1s|^#! */usr/bin/env bash|#!/bin/bash|" "$file"; continue; fi
      if ! isELF "$file"; then continue; fi
      if [ -z "${dontStrip-}" ] && [ -n "${STRIP-}" ]; then "$STRIP" -S -p "$file" 2>/dev/null || true; fi
      if [ -z "${dontPatchELF-}" ]; then patchelf --shrink-rpath "$file" 2>/dev/null || true; fi
    done < <(find "${!output}" -type f -print0)
  done
  if [ -n "${setupHook-}" ]; then mkdir -p "$out/nix-support" && cp "$setupHook" "$out/nix-support/setup-hook"; fi
  runHook postFixup
}
installCheckPhase() { runHook preInstallCheck; runHook postInstallCheck; }
distPhase() { :; }

for input in ${buildInputs-}; do if [ -d "$input/lib" ]; then hostLibDirs+=("$input/lib"); fi; done
if [ -n "$hostTriple" ]; then makeCompilers; fi
for input in ${nativeBuildInputs-}; do addInput "$input"; done
PATH=$PATH:/usr/bin:/bin
cd "$NIX_BUILD_TOP"
phases="unpackPhase patchPhase configurePhase buildPhase"
if [ -n "${doCheck-}" ] && [ -z "${crossCompiling-}" ]; then phases+=" checkPhase"; fi
phases+=" installPhase fixupPhase"
if [ -n "${doInstallCheck-}" ] && [ -z "${crossCompiling-}" ]; then phases+=" installCheckPhase"; fi
for phase in $phases ${preDistPhases[*]-}; do
  case $phase in
    unpackPhase) [ -z "${dontUnpack-}" ] || continue ;;
    configurePhase) [ -z "${dontConfigure-}" ] || continue ;;
    buildPhase) [ -z "${dontBuild-}" ] || continue ;;
    installPhase) [ -z "${dontInstall-}" ] || continue ;;
    fixupPhase) [ -z "${dontFixup-}" ] || continue ;;
  esac
  echo "Running phase: $phase"
  if [ -n "${!phase-}" ]; then eval "${!phase}"; else "$phase"; fi
done
