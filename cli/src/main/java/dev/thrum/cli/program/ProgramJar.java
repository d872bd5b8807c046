package dev.thrum.cli.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// A compiled program as a jar. Its first entry names the main class, with a question mark if that
/// has no `main`, and the other sources; its second one holds the [Inputs]; then come the classes.
final class ProgramJar {
  private static final String HEAD = "META-INF/thrum/head";
  private static final String INPUTS = "META-INF/thrum/inputs";
  private static final String NO_MAIN = "?";
  private static final String CLASS = ".class";

  private ProgramJar() {}

  static void write(OutputStream stream, Program program, Inputs inputs) throws IOException {
    try (var out = new ZipOutputStream(stream)) {
      var head = new StringBuilder(program.mainClass());
      head.append(program.hasMain() ? "" : NO_MAIN);
      inputs.beside().keySet().forEach(path -> head.append('\n').append(path));
      put(out, HEAD, head.toString().getBytes(UTF_8));
      put(out, INPUTS, inputs.asText().getBytes(UTF_8));
      for (var entry : program.classes().entrySet()) {
        put(out, entry.getKey().replace('.', '/') + CLASS, entry.getValue());
      }
    }
  }

  private static void put(ZipOutputStream out, String name, byte[] bytes) throws IOException {
    out.putNextEntry(new ZipEntry(name));
    out.write(bytes);
  }

  static Program read(byte[] jar) {
    try (var in = new ZipInputStream(new ByteArrayInputStream(jar))) {
      List<String> head = nextText(in).lines().toList();
      nextText(in);
      return program(head.getFirst(), classes(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The program, if it was compiled from what is there now.
  static Optional<Program> readIfCurrent(InputStream stream, Source source) throws IOException {
    try (var in = new ZipInputStream(stream)) {
      List<String> head = nextText(in).lines().toList();
      List<Path> beside = head.stream().skip(1).map(Path::of).toList();
      return nextText(in).equals(Inputs.now(source, beside).asText())
          ? Optional.of(program(head.getFirst(), classes(in)))
          : Optional.empty();
    }
  }

  private static Program program(String main, Map<String, byte[]> classes) {
    return main.endsWith(NO_MAIN)
        ? new Program(main.substring(0, main.length() - NO_MAIN.length()), false, classes)
        : new Program(main, true, classes);
  }

  private static String nextText(ZipInputStream in) throws IOException {
    in.getNextEntry();
    return new String(in.readAllBytes(), UTF_8);
  }

  private static Map<String, byte[]> classes(ZipInputStream in) throws IOException {
    Map<String, byte[]> classes = new LinkedHashMap<>();
    for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
      String file = entry.getName();
      String name = file.substring(0, file.length() - CLASS.length()).replace('/', '.');
      classes.put(name, in.readAllBytes());
    }
    return classes;
  }
}
