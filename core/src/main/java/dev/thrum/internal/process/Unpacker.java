package dev.thrum.internal.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/// Reads one object that the other side has packed, as far as a gate lets its classes pass. Classes
/// are looked up without being initialized.
public final class Unpacker extends ObjectInputStream {
  private final ClassLoader loader;
  private final Gate gate;

  private Unpacker(InputStream in, ClassLoader loader, Gate gate) throws IOException {
    super(in);
    this.loader = loader;
    this.gate = gate;
    setObjectInputFilter(gate);
  }

  /// Unpacks an object.
  ///
  /// @param in where it comes from
  /// @param loader finds its classes
  /// @param gate what may pass
  /// @return the object
  /// @throws IOException if it cannot be read, or may not pass; the message says why
  /// @throws ClassNotFoundException if a class is missing
  public static @Nullable Object unpack(InputStream in, ClassLoader loader, Gate gate)
      throws IOException, ClassNotFoundException {
    try (Unpacker unpacker = new Unpacker(in, loader, gate)) {
      return unpacker.readObject();
    } catch (IOException | RuntimeException e) {
      String refused = gate.refusal();
      if (refused == null) {
        throw e;
      }
      throw new IOException(refused, e);
    } catch (StackOverflowError e) {
      throw new IOException("its objects are nested too deeply", e);
    }
  }

  @Override
  protected Class<?> resolveClass(ObjectStreamClass described)
      throws IOException, ClassNotFoundException {
    gate.check(described.getName());
    Class<?> type = Class.forPrimitiveName(described.getName());
    if (type == null) {
      type = Class.forName(described.getName(), false, loader);
      gate.check(type);
    }
    return type;
  }

  @Override
  protected Class<?> resolveProxyClass(String[] names) throws IOException, ClassNotFoundException {
    gate.checkProxy(names);
    Class<?>[] interfaces = new Class<?>[names.length];
    for (int i = 0; i < names.length; i++) {
      interfaces[i] = Class.forName(names[i], false, loader);
    }
    return Proxy.newProxyInstance(loader, interfaces, (_, _, _) -> null).getClass();
  }
}
