package dev.thrum.web.internal;

import dev.thrum.web.Upload;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;

/// What a type is made of, as far as requests and documentation are concerned.
public sealed interface Shape {

  /// The type.
  ///
  /// @return as it is written, generic parameters and all
  Type type();

  /// What a single text stands for, or a file of a form.
  ///
  /// @param raw the class, never a primitive
  record Scalar(Class<?> raw) implements Shape {

    /// Whether it is a file.
    ///
    /// @return true for an [Upload]
    boolean isFile() {
      return raw == Upload.class;
    }

    @Override
    public Type type() {
      return raw;
    }
  }

  /// Whether it is a file or several.
  ///
  /// @return true if it can only come from a form in parts
  default boolean isOfFiles() {
    return switch (this) {
      case Scalar scalar -> scalar.isFile();
      case Items items -> items.element() instanceof Scalar scalar && scalar.isFile();
      default -> false;
    };
  }

  /// A list, a set or another collection.
  ///
  /// @param type the type
  /// @param raw its class
  /// @param element what it holds
  /// @param annotated the type of its elements with their annotations
  record Items(Type type, Class<?> raw, Shape element, AnnotatedType annotated) implements Shape {}

  /// A map from texts.
  ///
  /// @param type the type
  /// @param value what it holds
  /// @param annotated the type of its values with their annotations
  record Entries(Type type, Shape value, AnnotatedType annotated) implements Shape {}

  /// A record.
  ///
  /// @param raw its class
  /// @param fields its components, in order; filled in when the shape is complete
  record Fields(Class<?> raw, List<Field> fields) implements Shape {
    @Override
    public Type type() {
      return raw;
    }

    // Records may hold themselves.

    @Override
    public boolean equals(Object other) {
      return other instanceof Fields same && same.raw == raw;
    }

    @Override
    public int hashCode() {
      return raw.hashCode();
    }

    @Override
    public String toString() {
      return raw.getName();
    }
  }

  /// Anything else, which is left to Jackson.
  ///
  /// @param type the type
  record Other(Type type) implements Shape {}

  /// A component of a record.
  ///
  /// @param name its name
  /// @param json its name in JSON
  /// @param shape what it holds; of an `Optional` what is in that
  /// @param annotated its type with annotations; of an `Optional` the type of what is in that
  /// @param component the component
  /// @param optional whether it is an `Optional`
  /// @param nullable whether it may be null
  /// @param fallback what it is if nothing is said; empty for nothing
  record Field(
      String name,
      String json,
      Shape shape,
      AnnotatedType annotated,
      RecordComponent component,
      boolean optional,
      boolean nullable,
      List<String> fallback) {

    /// Whether something has to be said.
    ///
    /// @return whether it has to be
    public boolean required() {
      return !optional && !nullable && fallback.isEmpty();
    }
  }
}
