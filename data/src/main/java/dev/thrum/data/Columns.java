package dev.thrum.data;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Rows as records.
final class Columns<T extends Record> implements CsvShape<T> {
  private final Class<T> type;
  private final RecordComponent[] components;
  private final FieldReader[] readers;
  private final MethodHandle maker;
  private int[] sources = {};
  private List<String> names = List.of();

  private Columns(Class<T> type) {
    this.type = type;
    this.components = type.getRecordComponents();
    this.readers =
        Arrays.stream(components)
            .map(one -> FieldReader.of(one.getGenericType(), type, one.getName()))
            .toArray(FieldReader[]::new);
    this.maker = maker(type, components);
  }

  static <T extends Record> Columns<T> of(Class<T> type) {
    return new Columns<>(type);
  }

  private static MethodHandle maker(Class<?> type, RecordComponent[] components) {
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return MethodHandles.lookup()
          .unreflectConstructor(constructor)
          .asSpreader(Object[].class, components.length)
          .asType(java.lang.invoke.MethodType.methodType(Object.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type + " cannot be made: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean[] columns(List<String> columns) {
    names = List.copyOf(columns);
    boolean[] wanted = new boolean[columns.size()];
    sources = new int[components.length];
    for (int i = 0; i < components.length; i++) {
      int at = at(columns, components[i].getName());
      if (at < 0) {
        throw new IllegalArgumentException(
            "there is no column for "
                + type.getSimpleName()
                + "."
                + components[i].getName()
                + ", only "
                + columns);
      }
      sources[i] = at;
      wanted[at] = true;
    }
    return wanted;
  }

  private static int at(List<String> columns, String component) {
    for (int i = 0; i < columns.size(); i++) {
      if (plain(columns.get(i)).equals(plain(component))) {
        return i;
      }
    }
    return -1;
  }

  private static String plain(String name) {
    return name.replaceAll("[_\\-\\s\\uFEFF]", "").toLowerCase(Locale.ROOT);
  }

  @Override
  public T make(String[] fields) throws BadField {
    Object[] values = new Object[readers.length];
    for (int i = 0; i < readers.length; i++) {
      String field = fields[sources[i]];
      try {
        values[i] = readers[i].read(field);
      } catch (RuntimeException _) {
        throw new BadField(
            sources[i],
            names.get(sources[i]) + " is no " + readers[i].what() + ": \"" + field + "\"");
      }
    }
    try {
      Object made = (Object) maker.invokeExact(values);
      return type.cast(made);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) { // of the record's own checks
      throw new BadField(0, "it makes no " + type.getSimpleName() + ": " + e.getMessage());
    }
  }
}
