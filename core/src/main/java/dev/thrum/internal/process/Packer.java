package dev.thrum.internal.process;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.lang.invoke.SerializedLambda;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes one object for the other side and notes the classes that it is made of.
///
/// Records go over as what they are, also if they do not say that they are serializable: see
/// [RecordCopy]. The object that a compact source file's methods belong to has no content as long
/// as it has no fields, and the other side makes its own: see [Anew].
public final class Packer extends ObjectOutputStream {
  private final Content content;
  private final Set<Class<?>> classes = new LinkedHashSet<>();
  private @Nullable SerializedLambda lambda;

  private Packer(Content content) throws IOException {
    super(content);
    this.content = content;
    enableReplaceObject(true);
  }

  /// Packs an object.
  ///
  /// @param object the object
  /// @return how it was packed
  /// @throws IOException if it, or something that it refers to, cannot be serialized; the message
  ///   says what and where, and if possible what to do, and the cause what serialization said
  public static Packer pack(@Nullable Object object) throws IOException {
    Packer packer = new Packer(new Content());
    try {
      packer.writeObject(object);
      packer.flush();
      return packer;
    } catch (NotSerializableException e) {
      Object root = packer.lambda == null ? object : packer.lambda;
      throw new IOException(Unserializable.find(root, String.valueOf(e.getMessage())), e);
    } catch (StackOverflowError e) {
      throw new IOException(
          "it refers to objects that refer to objects, too many in a row for serialization; use a"
              + " collection in the place of a chain",
          e);
    } catch (VirtualMachineError e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      throw new IOException("its serialization failed with " + Described.textOf(e), e);
    }
  }

  /// The object as bytes.
  ///
  /// @return the bytes
  public Content content() {
    return content;
  }

  /// The classes that are named in the bytes.
  ///
  /// @return the classes
  public Set<Class<?>> classes() {
    return classes;
  }

  /// What the object is, if it is a lambda or method reference.
  ///
  /// @return its serialized form, or null
  public @Nullable SerializedLambda lambda() {
    return lambda;
  }

  @Override
  protected void annotateClass(Class<?> type) {
    classes.add(type);
  }

  @Override
  protected void annotateProxyClass(Class<?> type) {
    classes.addAll(Set.of(type.getInterfaces()));
  }

  @Override
  protected Object replaceObject(Object object) {
    if (object instanceof SerializedLambda first && lambda == null && classes.isEmpty()) {
      lambda = first;
    }
    if (RecordCopy.isOf(object)) {
      return RecordCopy.of(object);
    }
    return Anew.isEnoughFor(object) ? new Anew(object.getClass()) : object;
  }
}
