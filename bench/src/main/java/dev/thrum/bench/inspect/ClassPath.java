package dev.thrum.bench.inspect;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The jars that a program runs with.
final class ClassPath {
  private static final List<String> REPLACED = List.of("core", "net");

  private ClassPath() {}

  /// Those of this process.
  static String own() {
    return System.getProperty("java.class.path");
  }

  /// The same with the core and net jars of another checkout, which is built.
  static String with(Path checkout) {
    var jars = own().split(File.pathSeparator, -1);
    var replaced =
        Arrays.stream(jars).map(jar -> replace(jar, checkout)).collect(Collectors.toList());
    if (replaced.stream().filter(jar -> !List.of(jars).contains(jar)).count() != REPLACED.size()) {
      throw new IllegalArgumentException(
          "--before takes another checkout than this one, and its core and net jars");
    }
    return String.join(File.pathSeparator, replaced);
  }

  private static String replace(String jar, Path checkout) {
    var name = Path.of(jar).getFileName().toString();
    for (var module : REPLACED) {
      if (name.matches("thrum-" + module + "-\\d.*\\.jar")) {
        return find(checkout.resolve(module, "target"), module).toString();
      }
    }
    return jar;
  }

  private static Path find(Path folder, String module) {
    var pattern = "thrum-" + module + "-\\d[^-]*(-SNAPSHOT)?\\.jar";
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches(pattern))
          .findFirst()
          .orElseThrow(() -> new IOException("no jar there"));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "no jar of thrum-" + module + " in " + folder + "; build that checkout first", e);
    }
  }
}
