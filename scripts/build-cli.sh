# Finds the folder whose lib has the command's jars: that of an unpacked release, or else one under
# target/thrum, which is built first if there is none or a source is newer. To be sourced by ../thrum.
#
# Each build has a folder of its own, and the file `current` names the latest, so that programs that still
# run keep their jars. `current` is as old as the beginning of its build.

work=$root/target/thrum

# True if `current` names a build and no source of its modules is newer.
is_built() {
  local name jar module sources=("$root/pom.xml")
  { read -r name <"$work/current"; } 2>/dev/null || return 1
  app=$work/$name
  for jar in "$app"/lib/thrum-*.jar; do
    [ -f "$jar" ] || return 1
    module=${jar##*/thrum-}
    module=$root/${module%%-[0-9]*}
    sources+=("$module/pom.xml" "$module/src/main")
  done
  [ -z "$(find "${sources[@]}" -type f ! -name '.*' ! -name '*~' -newer "$work/current" 2>&1)" ]
}

# One build at a time: the lock is a link that names its owner's process.
lock_build() {
  local owner
  until ln -s $$ "$work/lock" 2>/dev/null; do
    owner=$(readlink "$work/lock") || owner=
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
      rm -f "$work/lock"
    else
      progress "waiting for another build of this folder"
      sleep 0.2
    fi
  done
  trap 'abandon_build 130' INT
  trap 'abandon_build 143' TERM
  trap 'rm -f "$work/lock"' EXIT
}

unlock_build() {
  rm -f "$work/lock"
  trap - INT TERM EXIT
}

abandon_build() {
  progress_ends
  [ -z "${maven:-}" ] || kill -TERM -- "-$maven" 2>/dev/null || true
  exit "$1"
}

# What of Maven's log helps; all of it if Maven did not even start.
explain_failure() {
  local errors
  errors=$(grep -e '^\[ERROR\]' -e '^\[WARNING\] .*\.java:\[' "$1" | sed -e 's/^\[[A-Z]*\] \{0,1\}//' -e '/(see http/d' -e '/^-> \[Help/,$d' -e '/^To see the full/,$d' |
    awk 'NF && !seen[$0]++' | head -n 20) || true
  if ! grep -q '^\[INFO\]' "$1"; then
    cat "$1" >&2
  else
    printf 'thrum: the build failed\n%s\n' "${errors:-$(tail -n 20 "$1")}" >&2
    printf 'The whole log is %s\n' "$1" >&2
  fi
}

# Waits for Maven and shows which module it is at.
watch_maven() {
  local module
  while kill -0 "$maven" 2>/dev/null; do
    module=$(sed -n 's/^\[INFO\] Building Thrum \(.*\) [0-9][^ ]* *\[.*/ \1/p' "$1" | tail -n 1)
    progress "building$module, $SECONDS s"
    sleep 0.2
  done
  wait "$maven"
}

build_cli() {
  local log=$work/build.log name
  if ! mkdir -p "$work" 2>/dev/null || [ ! -w "$work" ]; then
    echo "thrum: it has to be built first, and $root cannot be written to" >&2
    exit 1
  fi
  lock_build
  if is_built; then
    unlock_build
    return
  fi
  SECONDS=0
  [ -t 2 ] || progress "building, which can take a minute; the log is $log"
  : >"$log"
  : >"$work/begun"
  rm -rf "$root"/cli/target/lib "$root"/cli/target/thrum-cli-*.jar
  set -m # a process group of its own, so that all of it can be ended
  "$root/build" package --projects cli --also-make -Dmaven.test.skip=true -DskipTests >"$log" 2>&1 </dev/null &
  maven=$!
  set +m
  if ! watch_maven "$log"; then
    progress_ends
    explain_failure "$log"
    exit 1
  fi
  maven=
  name=build-$(date +%s)-$$
  app=$work/$name
  mkdir -p "$app/lib"
  cp "$root"/cli/target/thrum-cli-*.jar "$root"/cli/target/lib/*.jar "$app/lib"
  publish_build "$name"
  train_aot_cache
  progress_ends "built in $SECONDS s"
  unlock_build
}

# Makes a build the current one, and removes all but it and the one before.
publish_build() {
  local before= folder
  { read -r before <"$work/current"; } 2>/dev/null || true
  echo "$1" >"$work/begun.$$"
  touch -r "$work/begun" "$work/begun.$$"
  mv -f "$work/begun.$$" "$work/current"
  for folder in "$work"/build-*/; do
    folder=${folder%/}
    case ${folder##*/} in
      "$1" | "$before") ;;
      *) rm -rf "$folder" ;;
    esac
  done
}

# Sets app.
find_app() {
  if [ -d "$root/lib" ]; then
    app=$root
  elif ! is_built; then
    build_cli
  fi
}

# Sets app without a build where there is one that is not older than the script, whose verbs it might lack.
find_any_app() {
  local name
  if [ ! -d "$root/lib" ] && [ ! "$root/thrum" -nt "$work/current" ] &&
    { read -r name <"$work/current"; } 2>/dev/null && [ -d "$work/$name/lib" ]; then
    app=$work/$name
  else
    find_app
  fi
}
