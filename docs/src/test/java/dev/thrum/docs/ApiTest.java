package dev.thrum.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Constructor;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The public surface, pinned: each module's `api.txt` says what it is, and a change of it is a
/// change of that file. `-Dthrum.api.update=true` writes it anew.
final class ApiTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"core", "net", "testkit", "web", "data", "micrometer", "opentelemetry", "console"})
  void thePublicSurfaceIsWhatApiTxtSays(String module) throws IOException {
    Path folder = Path.of("..", module);
    Path pinned = folder.resolve("api.txt");
    List<String> actual = surface(folder.resolve("target").resolve("classes"));
    if (Boolean.getBoolean("thrum.api.update")) {
      Files.write(pinned, actual);
    }
    assertEquals(
        String.join("\n", Files.readAllLines(pinned)),
        String.join("\n", actual),
        "the public API of "
            + module
            + " has changed; if that is meant, run ./build test -Dtest=ApiTest"
            + " -Dthrum.test.argLine=-Dthrum.api.update=true and commit api.txt");
  }

  private static List<String> surface(Path classes) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String folder : exported(classes)) {
      try (Stream<Path> files = Files.list(classes.resolve(folder))) {
        files
            .map(file -> classes.relativize(file).toString())
            .filter(file -> file.endsWith(".class") && !file.endsWith("package-info.class"))
            .map(file -> file.substring(0, file.length() - ".class".length()).replace('/', '.'))
            .sorted()
            .map(ApiTest::load)
            .filter(ApiTest::isPublic)
            .forEach(type -> describe(type, lines));
      }
    }
    return lines;
  }

  /// The folders of the packages that the module exports to everybody.
  private static List<String> exported(Path classes) throws IOException {
    try (InputStream descriptor = Files.newInputStream(classes.resolve("module-info.class"))) {
      return ModuleDescriptor.read(descriptor).exports().stream()
          .filter(export -> !export.isQualified())
          .map(export -> export.source().replace('.', '/'))
          .sorted()
          .toList();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ApiTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  private static boolean isPublic(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return Modifier.isPublic(type.getModifiers()) && (outer == null || isPublic(outer));
  }

  private static void describe(Class<?> type, List<String> lines) {
    lines.add(type.toGenericString());
    Stream.concat(
            Arrays.stream(type.getDeclaredConstructors()).filter(ApiTest::isVisible),
            Arrays.stream(type.getDeclaredMethods()).filter(ApiTest::isVisible))
        .map(ApiTest::signature)
        .sorted()
        .map(line -> "  " + line)
        .forEach(lines::add);
  }

  private static boolean isVisible(Member member) {
    return !member.isSynthetic()
        && (Modifier.isPublic(member.getModifiers())
            || Modifier.isProtected(member.getModifiers()));
  }

  private static String signature(Member member) {
    return switch (member) {
      case Method method -> method.toGenericString();
      case Constructor<?> constructor -> constructor.toGenericString();
      default -> throw new AssertionError(member);
    };
  }
}
