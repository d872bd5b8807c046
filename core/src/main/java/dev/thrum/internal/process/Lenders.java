package dev.thrum.internal.process;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// The class loaders of this JVM that children borrow classes from, by number. It keeps none alive.
public final class Lenders {
  private static final Map<ClassLoader, Integer> NUMBERS = new WeakHashMap<>();
  private static final Map<Integer, WeakReference<ClassLoader>> LOADERS = new HashMap<>();
  private static int last;

  private Lenders() {}

  /// What goes before the bytes of a body.
  ///
  /// @param loader lends classes
  /// @param classes the classes that are named in the bytes
  /// @return the content
  public static Content head(ClassLoader loader, Set<Class<?>> classes) {
    return Content.of(out -> {
      out.writeInt(numberOf(loader));
      out.writeInt(classes.size());
      for (Class<?> type : classes) {
        out.writeUTF(type.getName());
      }
    });
  }

  /// Answers a child that wants a class file or resource.
  ///
  /// @param in the question
  /// @param lenders the loaders that lend to this child
  /// @return the answer
  /// @throws IOException if it is no question
  public static Content answer(DataInputStream in, Set<ClassLoader> lenders) throws IOException {
    int question = in.readInt();
    ClassLoader loader = loader(in.readInt());
    String path = Content.readText(in);
    byte[] found = loader != null && lenders.contains(loader) ? read(loader, path) : null;
    return Content.of(out -> {
      out.writeInt(question);
      out.writeBoolean(found != null);
      if (found != null) {
        out.write(found);
      }
    });
  }

  private static byte @Nullable [] read(ClassLoader loader, String path) {
    try (InputStream in = loader.getResourceAsStream(path)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException | RuntimeException | Error _) { // it may be anybody's loader
      return null; // the child says which class it lacks
    }
  }

  private static synchronized int numberOf(ClassLoader loader) {
    Integer known = NUMBERS.get(loader);
    if (known != null) {
      return known;
    }
    int number = ++last;
    NUMBERS.put(loader, number);
    LOADERS.put(number, new WeakReference<>(loader));
    LOADERS.values().removeIf(one -> one.refersTo(null));
    return number;
  }

  private static synchronized @Nullable ClassLoader loader(int number) {
    WeakReference<ClassLoader> known = LOADERS.get(number);
    return known == null ? null : known.get();
  }
}
