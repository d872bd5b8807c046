package dev.thrum.internal.process;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The system properties that a child takes over from its parent. What a JVM needs at its start
/// goes as flags. The rest goes over the socket, since anybody on the machine can read a command
/// line; a child's own properties, also those of its flags, stay as they are.
public final class Settings {
  private static final List<String> FLAGS =
      List.of(
          "java.io.tmpdir", "java.library.path", "user.country", "user.language", "user.timezone");
  private static final List<String> OF_THE_JVM = List.of("java.", "jdk.", "sun.");

  private Settings() {}

  static void addFlags(List<String> command) {
    for (String name : FLAGS) {
      String value = System.getProperty(name, "");
      if (!value.isEmpty()) {
        command.add("-D" + name + "=" + value);
      }
    }
  }

  /// The properties of this JVM that are not the JVM's own.
  ///
  /// @return the content of a frame
  public static Content ofThisJvm() {
    Map<String, String> settings = new TreeMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      String value = System.getProperty(name);
      if (value != null && OF_THE_JVM.stream().noneMatch(name::startsWith)) {
        settings.put(name, value);
      }
    }
    return Content.of(out -> {
      out.writeInt(settings.size());
      for (Map.Entry<String, String> setting : settings.entrySet()) {
        Content.writeText(out, setting.getKey());
        Content.writeText(out, setting.getValue());
      }
    });
  }

  static void takeOver(DataInputStream in) throws IOException {
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      System.getProperties().putIfAbsent(Content.readText(in), Content.readText(in));
    }
  }
}
