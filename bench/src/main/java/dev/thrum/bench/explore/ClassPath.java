package dev.thrum.bench.explore;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The jars that this JVM was started with.
public final class ClassPath {
  private ClassPath() {}

  static String text() {
    return System.getProperty("java.class.path");
  }

  /// The jar whose file name starts so and goes on with a version.
  static Path jar(String artifact) throws IOException {
    return jars().stream()
        .filter(jar -> jar.getFileName().toString().matches(artifact + "-\\d.*\\.jar"))
        .findFirst()
        .orElseThrow(() -> new IOException("no jar of " + artifact + " on the class path"));
  }

  /// The version in its file name.
  public static String version(String artifact) throws IOException {
    var file = jar(artifact).getFileName().toString();
    return file.substring(artifact.length() + 1, file.length() - ".jar".length());
  }

  private static List<Path> jars() {
    return Arrays.stream(text().split(File.pathSeparator))
        .map(Path::of)
        .filter(path -> path.toString().endsWith(".jar"))
        .toList();
  }
}
