# wrapProgram FILE [--prefix VAR SEP VALUE] [--suffix VAR SEP VALUE] [--set-default VAR VALUE] …
wrapProgram() {
  local file=$1 hidden
  shift
  hidden=$(dirname "$file")/.$(basename "$file")-wrapped
  mv "$file" "$hidden"
  {
    echo '#!/bin/sh'
    while [ $# -gt 0 ]; do
      case $1 in
        --prefix) printf 'export %s=%q${%s:+%q$%s}\n' "$2" "$4" "$2" "$3" "$2"; shift 4 ;;
        --suffix) printf 'export %s=${%s:+$%s%q}%q\n' "$2" "$2" "$2" "$3" "$4"; shift 4 ;;
        --set-default) printf 'export %s="${%s-%s}"\n' "$2" "$2" "$3"; shift 3 ;;
        *) die "wrapProgram: unknown option $1" ;;
      esac
    done
    printf 'exec %q "$@"\n' "$hidden"
  } >"$file"
  chmod +x "$file"
}
