package dev.thrum.net;

import dev.thrum.internal.Offload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// Files that somebody else may change: what they were when they were last looked at.
final class TlsFiles {
  private final List<Path> files;
  private List<String> seen = List.of();

  TlsFiles(List<Path> files) {
    this.files = files;
  }

  /// Looks at them, beside the loop. The first time they have not changed.
  boolean haveChanged() throws IOException {
    List<String> before = seen;
    seen = Offload.call("looking at the files of TLS", Offload.OnCancel.WAIT, this::look);
    return !before.isEmpty() && !before.equals(seen);
  }

  private List<String> look() {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      found.add(look(file));
    }
    return found;
  }

  private static String look(Path file) {
    try {
      var about = Files.readAttributes(file, BasicFileAttributes.class);
      return about.lastModifiedTime() + " " + about.size() + " " + about.fileKey();
    } catch (IOException _) {
      return "not there"; // as while it is replaced
    }
  }
}
