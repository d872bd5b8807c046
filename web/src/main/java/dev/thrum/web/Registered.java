package dev.thrum.web;

import dev.thrum.web.internal.Launch;

/// Where in a program something was registered.
final class Registered {
  private static final String OURS = Registered.class.getPackageName();

  private Registered() {}

  /// The caller of the framework as `File.java:12`; empty if nobody will ask.
  static String here() {
    if (!Launch.isPresent()) {
      return "";
    }
    return StackWalker.getInstance()
        .walk(frames ->
            frames
                .filter(frame -> !frame.getClassName().startsWith(OURS + "."))
                .findFirst()
                .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                .orElse(""));
  }
}
