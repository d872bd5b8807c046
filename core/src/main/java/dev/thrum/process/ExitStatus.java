package dev.thrum.process;

import dev.thrum.internal.process.ChildMain;

/// What the end of a child means, for people.
final class ExitStatus {
  private static final int SIGNALLED = 128;

  private ExitStatus() {}

  static String explain(int status, long pid) {
    return switch (status) {
      case ChildMain.OUT_OF_MEMORY ->
          "exit status 3: the body called System.exit(3), or the JVM had no memory left, even to say"
              + " so; then give it more with Processes.builder().jvmArgs(\"-Xmx…\")";
      case SIGNALLED + 6 ->
          "the JVM itself crashed (SIGABRT), mostly for a fault in native code; see hs_err_pid"
              + pid
              + ".log in its working folder";
      case SIGNALLED + 9 ->
          "it was killed (SIGKILL), by somebody or by the system for want of memory";
      case SIGNALLED + 15 -> "somebody asked it to end (SIGTERM)";
      default ->
          status > SIGNALLED && status < SIGNALLED + 64
              ? "signal " + (status - SIGNALLED) + " ended it"
              : "exit status "
                  + status
                  + ". The body, or something that it called, has called"
                  + " System.exit; return a value or throw an exception instead";
    };
  }
}
