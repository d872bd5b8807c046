package dev.thrum.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A thread as the system sees it, where the system tells: on Linux.
///
/// To Java a thread that reads a pipe is runnable, whether it waits there or has been given what it
/// waited for and is not yet back. The system knows the difference.
///
/// @param state the file that tells
record NativeThread(Path state) {

  /// The calling thread.
  static Optional<NativeThread> current() {
    try {
      Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
      return Optional.of(new NativeThread(Path.of("/proc").resolve(self).resolve("stat")));
    } catch (IOException | RuntimeException _) {
      return Optional.empty();
    }
  }

  /// Whether it waits in the system, with nothing that has woken it.
  boolean sleeps() {
    try {
      String line = Files.readString(state);
      return line.startsWith("S", line.lastIndexOf(')') + 2);
    } catch (IOException _) {
      return false;
    }
  }
}
