package dev.thrum.web.internal;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds constraints that nobody would check: those in what is left to Jackson, into which nobody
/// looks.
final class Unchecked {
  private static final List<String> FOREIGN =
      List.of("java.", "javax.", "jdk.", "tools.jackson.", "com.fasterxml.jackson.");

  private final Set<Typed> seen = new HashSet<>();
  private final Set<Shape> walked = new HashSet<>();

  private Unchecked() {}

  /// Refuses a type of which something would not be checked.
  ///
  /// @throws IllegalArgumentException if there is such a thing
  static void refuse(Shape shape) {
    new Unchecked().walk(shape);
  }

  private void walk(Shape shape) {
    if (!walked.add(shape)) {
      return;
    }
    switch (shape) {
      case Shape.Scalar _ -> {}
      case Shape.Items items -> walk(items.element());
      case Shape.Entries entries -> walk(entries.value());
      case Shape.Fields record -> record.fields().forEach(one -> walk(one.shape()));
      case Shape.Choice choice -> choice.choices().values().forEach(this::walk);
      case Shape.Other other -> {
        Class<?> found = find(Typed.of(other.type()));
        if (found != null) {
          throw new IllegalArgumentException(
              "the constraints of %s would not be checked in a %s, which is no record, list, array"
                      .formatted(found.getName(), other.type().getTypeName())
                  + " or map of these, or is read in a way of its own");
        }
      }
    }
  }

  private @Nullable Class<?> find(Typed typed) {
    if (!seen.add(typed)) {
      return null;
    }
    Class<?> raw = typed.raw();
    boolean foreign =
        raw.isPrimitive() || raw.isArray() || FOREIGN.stream().anyMatch(raw.getName()::startsWith);
    if (!foreign && Constraints.isConstrained(raw)) {
      return raw;
    }
    for (Typed one : typed.arguments()) {
      Class<?> found = find(one);
      if (found != null) {
        return found;
      }
    }
    return foreign ? null : inFields(typed);
  }

  private @Nullable Class<?> inFields(Typed typed) {
    for (Class<?> at = typed.raw(); at != null && at != Object.class; at = at.getSuperclass()) {
      for (AnnotatedType one : types(at)) {
        Class<?> found = find(Typed.of(one, typed.variables()));
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static List<AnnotatedType> types(Class<?> type) {
    return Stream.of(type.getDeclaredFields())
        .filter(one -> !Modifier.isStatic(one.getModifiers()))
        .filter(one -> !Modifier.isTransient(one.getModifiers()))
        .map(Field::getAnnotatedType)
        .toList();
  }
}
