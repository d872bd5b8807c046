package dev.thrum.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.CopyOption;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// A copy that an interrupt ends, where the JDK can: the option for it is in the module
/// `jdk.unsupported`, which an image may lack, so it is looked up by name.
final class InterruptibleCopy {
  private InterruptibleCopy() {}

  static void copy(Path from, Path to, CopyOption... options) throws IOException {
    try {
      var _ = Files.copy(from, to, withInterrupts(from, to, options));
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        InterruptedIOException interrupted = new InterruptedIOException("the copy was interrupted");
        interrupted.initCause(e); // which says something else
        throw interrupted;
      }
      throw e;
    }
  }

  private static CopyOption[] withInterrupts(Path from, Path to, CopyOption... options) {
    var system = FileSystems.getDefault();
    if (from.getFileSystem() != system || to.getFileSystem() != system) {
      return options;
    }
    try {
      Object[] all = Class.forName("com.sun.nio.file.ExtendedCopyOption").getEnumConstants();
      CopyOption[] more = Arrays.copyOf(options, options.length + 1);
      more[options.length] = (CopyOption) all[0];
      return more;
    } catch (ClassNotFoundException _) {
      return options;
    }
  }
}
