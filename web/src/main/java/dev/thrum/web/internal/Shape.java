package dev.thrum.web.internal;

import dev.thrum.web.Upload;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

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

  /// A list, a set, another collection, or an array.
  ///
  /// @param type the type
  /// @param raw its class
  /// @param element what it holds
  /// @param annotated the type of its elements with their annotations
  record Items(Type type, Class<?> raw, Shape element, Typed annotated) implements Shape {}

  /// A map.
  ///
  /// @param type the type
  /// @param key the class of its keys, which are texts in JSON
  /// @param value what it holds
  /// @param annotated the type of its values with their annotations
  record Entries(Type type, Class<?> key, Shape value, Typed annotated) implements Shape {}

  /// A record.
  ///
  /// @param typed the type
  /// @param fields its components, in order; filled in when the shape is complete
  record Fields(Typed typed, List<Field> fields) implements Shape {
    @Override
    public Type type() {
      return typed.type();
    }

    /// Its class.
    ///
    /// @return the class of the record
    public Class<?> raw() {
      return typed.raw();
    }

    // Records may hold themselves.

    @Override
    public boolean equals(Object other) {
      return other instanceof Fields same && same.typed.equals(typed);
    }

    @Override
    public int hashCode() {
      return typed.hashCode();
    }

    @Override
    public String toString() {
      return type().getTypeName();
    }
  }

  /// One of several types, of which JSON tells which.
  ///
  /// @param type what they have in common
  /// @param property the name of the property that tells; empty if it is told in another way
  /// @param choices the types by what the property tells, or by the names of their classes; filled
  ///   in when the shape is complete
  record Choice(Class<?> type, String property, Map<String, Shape> choices) implements Shape {

    /// The shape of a value.
    ///
    /// @param raw its class
    /// @return the shape; another one than a record's if it is none of these types
    Shape of(Class<?> raw) {
      for (Shape one : choices.values()) {
        if (one.type() == raw) {
          return one;
        }
      }
      return new Other(raw);
    }

    // They may hold themselves.

    @Override
    public boolean equals(Object other) {
      return other instanceof Choice same && same.type == type;
    }

    @Override
    public int hashCode() {
      return type.hashCode();
    }

    @Override
    public String toString() {
      return type.getName();
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
  /// @param type its type as the record has it
  /// @param component the component
  /// @param optional whether it is an `Optional`
  /// @param nullable whether it may be null
  /// @param fallback what it is if nothing is said; empty for nothing
  record Field(
      String name,
      String json,
      Shape shape,
      Typed annotated,
      Type type,
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
