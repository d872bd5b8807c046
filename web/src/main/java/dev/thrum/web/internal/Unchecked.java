package dev.thrum.web.internal;

import jakarta.validation.Constraint;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/// Finds constraints that nobody would check: those in what is left to Jackson, into which nobody
/// looks, and those in a `TypeReference` itself.
///
/// **Threads.** Any.
public final class Unchecked {
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

  /// The type that a reference stands for.
  ///
  /// @param reference the reference, as the program has written it
  /// @return its type
  /// @throws IllegalArgumentException if there are constraints in it, which nobody would check
  public static Type typeOf(TypeReference<?> reference) {
    for (Class<?> at = reference.getClass();
        at != null && at != TypeReference.class;
        at = at.getSuperclass()) {
      if (hasConstraints(Typed.of(at.getAnnotatedSuperclass(), Map.of()))) {
        throw new IllegalArgumentException(
            "the constraints in a TypeReference<%s> would not be checked: put them into a record"
                .formatted(reference.getType().getTypeName()));
      }
    }
    return reference.getType();
  }

  private static boolean hasConstraints(Typed typed) {
    return Stream.of(typed.getAnnotations()).anyMatch(Unchecked::isConstraint)
        || typed.arguments().stream().anyMatch(Unchecked::hasConstraints);
  }

  /// Several of one kind stand in an annotation of its own, which is declared in theirs.
  private static boolean isConstraint(Annotation annotation) {
    Class<?> type = annotation.annotationType();
    Class<?> around = type.getDeclaringClass();
    return type.isAnnotationPresent(Constraint.class)
        || (around != null && around.isAnnotationPresent(Constraint.class));
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
      case Shape.Choice choice -> {
        if (choice.choices().isEmpty()) {
          throw unknown(choice.type());
        }
        choice.choices().values().forEach(this::walk);
      }
      case Shape.Other other -> {
        Class<?> found = find(Typed.of(other.type()));
        if (found != null && isOpen(found)) {
          throw unknown(found);
        }
        if (found != null) {
          throw new IllegalArgumentException(
              "the constraints of %s would not be checked in a %s, which is no record, list, array"
                      .formatted(found.getName(), other.type().getTypeName())
                  + " or map of these, or is read in a way of its own");
        }
      }
    }
  }

  private static IllegalArgumentException unknown(Class<?> type) {
    return new IllegalArgumentException(
        "what a %s is read as is not known, and so its constraints would not be checked:"
                .formatted(type.getName())
            + " give a record, or a sealed interface of records without type arguments");
  }

  /// Whether a value is of another class, of which nothing is known here.
  private static boolean isOpen(Class<?> raw) {
    return Modifier.isAbstract(raw.getModifiers()) && !raw.isEnum();
  }

  /// A class whose constraints would not be checked, or of which nobody knows whether it has any.
  private @Nullable Class<?> find(Typed typed) {
    if (!seen.add(typed)) {
      return null;
    }
    Class<?> raw = typed.raw();
    boolean foreign =
        raw.isPrimitive() || raw.isArray() || FOREIGN.stream().anyMatch(raw.getName()::startsWith);
    if (!foreign && (isOpen(raw) || Constraints.isConstrained(raw))) {
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
