package dev.thrum.internal.process;

import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/// Stands for a record whose class does not say that it is serializable: it is no more than its
/// components, and the other side makes it of them by its constructor.
final class RecordCopy implements Serializable {
  private static final long serialVersionUID = 1L;

  /// The record's class.
  private final Class<?> type;

  /// Its components, in order.
  @SuppressWarnings("serial") // what is not serializable among them is found like anything else
  private final @Nullable Object[] components;

  private RecordCopy(Class<?> type, @Nullable Object[] components) {
    this.type = type;
    this.components = components;
  }

  static boolean isOf(Object object) {
    return object.getClass().isRecord() && !(object instanceof Serializable);
  }

  /// Copies a record, or gives the record itself if its module keeps it shut.
  static Object of(Object original) {
    Class<?> type = original.getClass();
    RecordComponent[] declared = type.getRecordComponents();
    @Nullable Object[] components = new @Nullable Object[declared.length];
    try {
      for (int i = 0; i < declared.length; i++) {
        Field field = type.getDeclaredField(declared[i].getName());
        if (!field.trySetAccessible()) {
          return original;
        }
        components[i] = field.get(original);
      }
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a record has a field for each component", e);
    }
    return new RecordCopy(type, components);
  }

  private Object readResolve() throws ObjectStreamException {
    try {
      if (!type.isRecord()) {
        throw new InvalidObjectException(type.getName() + " is no record");
      }
      RecordComponent[] declared = type.getRecordComponents();
      Class<?>[] types = new Class<?>[declared.length];
      for (int i = 0; i < types.length; i++) {
        types[i] = declared[i].getType();
      }
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(components);
    } catch (ReflectiveOperationException | RuntimeException e) {
      InvalidObjectException failed =
          new InvalidObjectException("record " + type.getName() + " could not be made: " + e);
      failed.initCause(e);
      throw failed;
    }
  }
}
