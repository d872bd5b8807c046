# Finds a JDK that can build and run Thrum: JDK 25, or else the oldest newer one. To be sourced, by bash
# 3.2 or a POSIX shell. Exports its home as JAVA_HOME, puts its bin first on the PATH, and where there is
# none says what was looked at and how to get one, and ends the script with status 1.

THRUM_JDK_VERSION=25

# Prints nothing; sets thrum_release to the feature release of the JDK in $1, or to 0.
thrum_read_release() {
  thrum_release=0
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  while IFS= read -r thrum_line || [ -n "$thrum_line" ]; do
    case $thrum_line in
      JAVA_VERSION=*)
        thrum_line=${thrum_line#JAVA_VERSION=}
        thrum_line=${thrum_line#\"}
        thrum_line=${thrum_line%%[!0-9]*}
        thrum_release=${thrum_line:-0}
        return 0
        ;;
    esac
  done <"$1/release"
}

# Sets thrum_home to the JDK whose bin holds the command in $1, through any links.
thrum_home_of() {
  thrum_home=$1
  while [ -L "$thrum_home" ]; do
    thrum_link=$(readlink "$thrum_home")
    case $thrum_link in
      /*) thrum_home=$thrum_link ;;
      *) thrum_home=${thrum_home%/*}/$thrum_link ;;
    esac
  done
  thrum_home=${thrum_home%/*}
  thrum_home=${thrum_home%/*}
}

# Remembers the JDK in $1 if it is better than what was found so far; true once it is the wanted release.
thrum_try_jdk() {
  [ -d "$1" ] || return 1
  thrum_read_release "$1"
  [ "$thrum_release" -gt 0 ] || return 1
  thrum_seen="$thrum_seen
  JDK $thrum_release in $1"
  [ "$thrum_release" -ge "$THRUM_JDK_VERSION" ] || return 1
  if [ -z "$THRUM_JDK" ] || [ "$thrum_release" -lt "$thrum_best" ]; then
    THRUM_JDK=$1
    thrum_best=$thrum_release
  fi
  [ "$thrum_release" -eq "$THRUM_JDK_VERSION" ]
}

thrum_find_jdk() {
  THRUM_JDK=
  thrum_best=0
  thrum_seen=
  if [ -n "${JAVA_HOME:-}" ]; then
    thrum_try_jdk "$JAVA_HOME" && return 0
  fi
  if thrum_java=$(command -v java) && [ "${thrum_java#/}" != "$thrum_java" ]; then
    thrum_home_of "$thrum_java"
    thrum_try_jdk "$thrum_home" && return 0
  fi
  thrum_user=${HOME:-/nonexistent}
  for thrum_candidate in \
    /usr/lib/jvm/* \
    "${SDKMAN_DIR:-$thrum_user/.sdkman}"/candidates/java/* \
    "${MISE_DATA_DIR:-${XDG_DATA_HOME:-$thrum_user/.local/share}/mise}"/installs/java/* \
    "${MISE_DATA_DIR:-${XDG_DATA_HOME:-$thrum_user/.local/share}/mise}"/installs/java/*/Contents/Home \
    "${ASDF_DATA_DIR:-$thrum_user/.asdf}"/installs/java/* \
    "${ASDF_DATA_DIR:-$thrum_user/.asdf}"/installs/java/*/Contents/Home \
    "$thrum_user"/.jdks/* \
    "$thrum_user"/.jdks/*/Contents/Home \
    "$thrum_user"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /opt/java/* \
    /usr/java/*; do
    thrum_try_jdk "$thrum_candidate" && return 0
  done
  [ -n "$THRUM_JDK" ]
}

thrum_no_jdk() {
  cat >&2 <<END
Thrum needs a JDK $THRUM_JDK_VERSION or newer, and none was found.
Looked at JAVA_HOME (${JAVA_HOME:-not set}), java on the PATH, /usr/lib/jvm, SDKMAN, mise, asdf, ~/.jdks,
Homebrew, /Library/Java/JavaVirtualMachines, /opt/java and /usr/java, and saw:${thrum_seen:- nothing}
To get one:
  Debian, Ubuntu   apt-get install temurin-$THRUM_JDK_VERSION-jdk    (from Adoptium's repository) or openjdk-$THRUM_JDK_VERSION-jdk
  macOS            brew install openjdk@$THRUM_JDK_VERSION
  SDKMAN           sdk install java $THRUM_JDK_VERSION-tem
  mise             mise install java@temurin-$THRUM_JDK_VERSION
or set JAVA_HOME to one that lies elsewhere.
END
}

if ! thrum_find_jdk; then
  thrum_no_jdk
  exit 1
fi
export JAVA_HOME="$THRUM_JDK" PATH="$THRUM_JDK/bin:$PATH"
