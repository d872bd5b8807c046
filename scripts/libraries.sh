# The libraries that a program names in its source, as JBang has them: lines
#
#   //DEPS group:artifact:version[:classifier] ...
#
# Maven fetches them, and what they need, when they are asked for first; the class path that came of it is kept
# in the user's cache. To be sourced by ../thrum.

libraries_fail() {
  progress_ends
  printf 'thrum: %s\n' "$@" >&2
  exit 1
}

# Writes what Maven has to be told, with a line for each library.
libraries_pom() {
  local name group artifact version classifier more
  printf '%s\n' '<project><modelVersion>4.0.0</modelVersion><groupId>program</groupId>' \
    '<artifactId>program</artifactId><version>1</version><packaging>pom</packaging><dependencies>'
  for name in "$@"; do
    IFS=: read -r group artifact version classifier more <<<"$name"
    printf '<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>%s</dependency>\n' \
      "$group" "$artifact" "$version" "${classifier:+<classifier>$classifier</classifier>}"
  done
  printf '</dependencies></project>\n'
}

# Whether all that a class path names is there.
is_class_path_there() {
  local jar
  local IFS=:
  for jar in $1; do
    [ -f "$jar" ] || return 1
  done
}

# Has Maven fetch the libraries and keep their class path in a file.
fetch_libraries() {
  local kept=$1 folder why
  shift
  command -v mvn >/dev/null || libraries_fail "Maven has to fetch what $program names in //DEPS, and there is no mvn on the PATH"
  folder=$(mktemp -d "${TMPDIR:-/tmp}/thrum-libraries-XXXXXX")
  trap 'rm -rf "$folder"' EXIT
  libraries_pom "$@" >"$folder/pom.xml"
  progress "fetching the libraries of $program"
  if ! mvn -B -q -U -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath \
    -DincludeScope=runtime "-Dmdep.outputFile=$folder/class-path" >"$folder/log" 2>&1 </dev/null; then
    why=$(sed -n -e 's/.*\(Could not [a-z]* artifact [^ ]*\).*/\1/p' \
      -e 's/.* \([^ ]*:jar:[^ ]*\) was not found in .*/Could not find artifact \1/p' "$folder/log" | head -n 1)
    [ -n "$why" ] || why=$(sed -n 's/^\[ERROR\] //p' "$folder/log" | head -n 3)
    rm -rf "$folder"
    libraries_fail "a library that $program names in //DEPS cannot be had" "${why:-Maven has not said why}"
  fi
  mkdir -p "${kept%/*}"
  mv -f "$folder/class-path" "$kept.$$"
  mv -f "$kept.$$" "$kept"
  rm -rf "$folder"
  trap - EXIT
  progress_ends
}

# Adds to class_path the libraries of a program's file, if it names any.
add_libraries() {
  local program=$1 name kept found names=()
  [ -n "$program" ] && [ -f "$program" ] && grep -q '^//DEPS[[:space:]]' "$program" || return 0
  for name in $(sed -n 's|^//DEPS[[:space:]]\{1,\}||p' "$program" | tr ',\r' '  '); do
    case $name in
      *:*:*:*:* | *[!A-Za-z0-9.:_+-]*) libraries_fail "$program: //DEPS $name is not group:artifact:version" ;;
      ?*:?*:?*) names+=("$name") ;;
      *) libraries_fail "$program: //DEPS $name is not group:artifact:version" ;;
    esac
  done
  [ ${#names[@]} -gt 0 ] || return 0
  kept=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/thrum/libraries/$(printf '%s\n' "${names[@]}" | cksum | tr ' ' '-')
  found=$(cat "$kept" 2>/dev/null) || found=
  if [ -z "$found" ] || ! is_class_path_there "$found"; then
    fetch_libraries "$kept" "${names[@]}"
    found=$(cat "$kept")
  fi
  class_path=$class_path:$found
}
