package dev.thrum.cli.program;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Defines a program's classes. What they refer to comes from the class path.
final class ProgramLoader extends ClassLoader {
  static {
    registerAsParallelCapable();
  }

  private final Map<String, byte[]> classes;

  ProgramLoader(Map<String, byte[]> classes) {
    super(ClassLoader.getSystemClassLoader());
    this.classes = classes;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = classes.get(name);
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  /// Libraries that look into class files find the program's too.
  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    InputStream found = super.getResourceAsStream(name);
    if (found == null && name.endsWith(".class")) {
      byte[] bytes =
          classes.get(name.substring(0, name.length() - ".class".length()).replace('/', '.'));
      return bytes == null ? null : new ByteArrayInputStream(bytes);
    }
    return found;
  }
}
