# What takes longer than a moment is told on standard error: in one line that is rewritten where that is a
# terminal, and by its first words only where it is not. To be sourced by ../thrum.

progress() {
  if [ -t 2 ]; then
    printf '\r\033[Kthrum: %s' "$1" >&2
  elif [ -z "${progress_said:-}" ]; then
    printf 'thrum: %s\n' "$1" >&2
  fi
  progress_said=yes
}

# Puts an end to the line, with a last word or without a trace.
progress_ends() {
  [ -t 2 ] || return 0
  printf '\r\033[K' >&2
  [ $# -eq 0 ] || printf 'thrum: %s\n' "$1" >&2
}
