package dev.thrum.cli.program;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything that a compiled program depends on, as texts: as long as they are equal, the program
/// need not be compiled again. They are compared as they are, since that is exact, and quicker than
/// to load the JDK's digests.
///
/// @param surroundings the first source's path, the JDK and the class path
/// @param source the first source
/// @param beside the other sources and what is in them
record Inputs(String surroundings, Source source, Map<Path, String> beside) {

  /// Reads the other sources as they are now.
  static Inputs now(Source source, List<Path> beside) throws IOException {
    Map<Path, String> texts = new LinkedHashMap<>();
    for (Path path : beside) {
      texts.put(path, Files.readString(path));
    }
    return new Inputs(surroundings(source), source, texts);
  }

  static String surroundings(Source source) {
    var text = new StringBuilder(source.path().toString());
    text.append('\n').append(System.getProperty("java.runtime.version"));
    for (String entry : classPath()) {
      var file = new File(entry).getAbsoluteFile();
      text.append('\n').append(file);
      text.append(' ').append(file.lastModified()).append(' ').append(file.length());
    }
    return text.toString();
  }

  /// Whether a change of them would show. It does not in a folder of class files.
  static boolean areKnown() {
    return Arrays.stream(classPath()).noneMatch(entry -> new File(entry).isDirectory());
  }

  private static String[] classPath() {
    return System.getProperty("java.class.path").split(File.pathSeparator);
  }

  /// All of it. The names of the sources in the folder belong to it, used or not, since a new file
  /// can take over the meaning of a name.
  String asText() {
    var text = new StringBuilder(surroundings).append('\n');
    String[] names = source.path().resolveSibling("").toFile().list();
    if (names != null) {
      Arrays.sort(names);
      for (String name : names) {
        if (name.endsWith(".java")) {
          text.append(name).append('\n');
        }
      }
    }
    text.append(source.text());
    beside.forEach((path, content) -> text.append('\n').append(path).append('\n').append(content));
    return text.toString();
  }
}
