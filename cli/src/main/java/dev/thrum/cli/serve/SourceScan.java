package dev.thrum.cli.serve;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The files that a program is made of, as they are on disk, looked at again and again.
///
/// To look costs little as long as there are thousands of them, and sees what the notices of the
/// system miss: changes of network drives and of folders that a container has from outside, editors
/// that write another file and rename it, and folders that are new. On macOS the JDK looks in the
/// same way.
///
/// What programs write beside themselves, such as JSON, is none of them unless it is asked for: a
/// program would start again for ever. Symbolic links are followed.
final class SourceScan {
  private static final List<String> USUAL = List.of("*.java", "*.html", "*.peb", "*.properties");
  private static final Set<String> OUTPUTS = Set.of("target", "build", "out", "node_modules");

  private final List<Path> folders;
  private final List<PathMatcher> matchers = new ArrayList<>();
  private Map<Path, Stamp> known;

  private record Stamp(long changed, long size) {}

  SourceScan(List<Path> folders, List<String> more) {
    this.folders = folders;
    for (String glob : USUAL) {
      matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + glob));
    }
    for (String glob : more) {
      matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + glob));
    }
    this.known = look();
  }

  /// A file that is new, gone or different since the last time.
  Optional<Path> change() {
    Map<Path, Stamp> before = known;
    known = look();
    if (known.equals(before)) {
      return Optional.empty();
    }
    Optional<Path> changed =
        known.entrySet().stream()
            .filter(it -> !it.getValue().equals(before.get(it.getKey())))
            .map(Map.Entry::getKey)
            .findFirst();
    return changed.or(
        () -> before.keySet().stream().filter(it -> !known.containsKey(it)).findFirst());
  }

  private Map<Path, Stamp> look() {
    Map<Path, Stamp> all = new HashMap<>();
    for (Path folder : folders) {
      try {
        var _ =
            Files.walkFileTree(
                folder,
                EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                Integer.MAX_VALUE,
                new Looking(folder, all));
      } catch (IOException _) {
        // It is being moved just now; the next look sees what has become of it.
      }
    }
    return all;
  }

  private final class Looking extends SimpleFileVisitor<Path> {
    private final Path folder;
    private final Map<Path, Stamp> all;

    Looking(Path folder, Map<Path, Stamp> all) {
      this.folder = folder;
      this.all = all;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
      String name = String.valueOf(path.getFileName());
      boolean skipped = !path.equals(folder) && (name.startsWith(".") || OUTPUTS.contains(name));
      return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
      Path name = path.getFileName();
      Path below = folder.relativize(path);
      boolean hidden = name.toString().startsWith(".");
      if (!hidden && matchers.stream().anyMatch(it -> it.matches(name) || it.matches(below))) {
        all.put(path, new Stamp(attributes.lastModifiedTime().toMillis(), attributes.size()));
      }
      return FileVisitResult.CONTINUE;
    }

    /// Such as of a link to a folder that it is in.
    @Override
    public FileVisitResult visitFileFailed(Path path, IOException failure) {
      return FileVisitResult.CONTINUE;
    }
  }
}
