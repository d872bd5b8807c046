package dev.thrum.internal.process;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// In a child: the class path, and for what is not there, what one class loader of the parent has,
/// such as the classes of a source file that was compiled in memory.
final class BorrowedClasses extends ClassLoader {
  static {
    registerAsParallelCapable();
  }

  /// Asks the parent.
  interface Lender {
    byte @Nullable [] ask(int loader, String path);
  }

  private final int number;
  private final Lender lender;

  BorrowedClasses(int number, Lender lender) {
    super(ClassLoader.getSystemClassLoader());
    this.number = number;
    this.lender = lender;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes =
        name.startsWith("java.")
            ? null
            : lender.ask(number, name.replace('.', '/').concat(".class"));
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    InputStream here = super.getResourceAsStream(name);
    if (here != null) {
      return here;
    }
    byte[] bytes = lender.ask(number, name);
    return bytes == null ? null : new ByteArrayInputStream(bytes);
  }
}
