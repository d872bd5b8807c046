# AOT caches let the JVM start faster: one for programs and one for their compiler, trained on warm-up.java
# when a JDK is used for the first time. They lie beside the jars that they are for, under the JDK's name; a
# JVM that they do not fit starts without. To be sourced by ../thrum.

# Sets aot to what the files' names begin with.
name_aot_cache() {
  local line jdk=jdk
  while IFS= read -r line; do
    case $line in
      IMPLEMENTOR=* | JAVA_RUNTIME_VERSION=*) jdk=$jdk-${line#*=} ;;
    esac
  done <"$JAVA_HOME/release"
  aot=$app/${jdk//[!A-Za-z0-9.+-]/}
}

# Trains them in a folder of its own, so that two at the same time do no harm. If it fails, its log stays
# and keeps it from being tried again.
train_aot_cache() {
  local training=$app/training-$$
  [ "${THRUM_CACHE:-}" != off ] || return 0
  name_aot_cache
  mkdir "$training" 2>/dev/null || return 0
  progress "getting ready for fast starts"
  if env -u JAVA_TOOL_OPTIONS -u JDK_JAVA_OPTIONS XDG_CACHE_HOME="$training" \
    "$JAVA_HOME/bin/java" "${flags[@]}" "-XX:AOTCacheOutput=$training/run.aot" \
    "-Dthrum.compiler.aot=-XX:AOTCacheOutput=$training/compiler.aot" \
    -cp "$app/lib/*" dev.thrum.cli.Main run "$root/scripts/warm-up.java" >"$training/log" 2>&1 </dev/null &&
    [ -s "$training/run.aot" ] && [ -s "$training/compiler.aot" ]; then
    mv -f "$training/compiler.aot" "$aot.compiler.aot"
    mv -f "$training/run.aot" "$aot.run.aot"
  else
    mv -f "$training/log" "$aot.failed.log"
  fi
  rm -rf "$training"
}

# Adds them to flags.
use_aot_cache() {
  [ "${THRUM_CACHE:-}" != off ] || return 0
  name_aot_cache
  if [ ! -f "$aot.run.aot" ] && [ ! -f "$aot.failed.log" ]; then
    train_aot_cache
    progress_ends
  fi
  if [ -f "$aot.run.aot" ]; then
    flags+=("-XX:AOTCache=$aot.run.aot" "-Dthrum.compiler.aot=-XX:AOTCache=$aot.compiler.aot"
      -Xlog:aot=off,cds=off)
  fi
}
