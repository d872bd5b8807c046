package dev.thrum.internal.process;

import dev.thrum.Body;
import dev.thrum.VoidBody;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A body that has come to a child: what it is made of, who lends what is missing, and its bytes.
///
/// @param loader the number of the parent's class loader that lends classes
/// @param names the classes that its bytes may name
/// @param bytes the rest of the frame
record Parcel(int loader, Set<String> names, InputStream bytes) {

  static Parcel read(DataInputStream in) throws IOException {
    int loader = in.readInt();
    int count = in.readInt();
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < count; i++) {
      names.add(in.readUTF());
    }
    return new Parcel(loader, names, in);
  }

  @Nullable Object unpack(ClassLoader from) throws IOException, ClassNotFoundException {
    return Unpacker.unpack(bytes, from, new Declared(names, bytes.available()));
  }

  static @Nullable Object run(@Nullable Object body) throws Throwable {
    return switch (body) {
      case Body<?, ?> valued -> valued.call();
      case VoidBody<?> plain -> {
        plain.run();
        yield null;
      }
      case null, default -> throw new IOException("this is no body: " + body);
    };
  }
}
