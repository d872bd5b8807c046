package dev.thrum.web.internal;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedTypeVariable;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/// A type with its annotations, in which the variables of generic records stand for something.
///
/// @param type the type, without variables and wildcards
/// @param raw its class, as it is written
/// @param annotations its annotations
/// @param arguments its type arguments; of an array what it holds
public record Typed(Type type, Class<?> raw, List<Annotation> annotations, List<Typed> arguments)
    implements AnnotatedElement {

  /// Makes the lists unchangeable.
  public Typed {
    annotations = List.copyOf(annotations);
    arguments = List.copyOf(arguments);
  }

  /// A type of which no annotations are known.
  ///
  /// @param type the type
  /// @return the same
  public static Typed of(Type type) {
    return switch (type) {
      case JavaType java -> of(java);
      case Class<?> array when array.isArray() -> array(of(array.getComponentType()), List.of());
      case Class<?> plain -> new Typed(plain, plain, List.of(), List.of());
      case ParameterizedType generic when generic.getRawType() instanceof Class<?> raw ->
          generic(
              raw,
              Arrays.stream(generic.getActualTypeArguments()).map(Typed::of).toList(),
              List.of());
      case GenericArrayType array -> array(of(array.getGenericComponentType()), List.of());
      case WildcardType wild -> of(wild.getUpperBounds()[0]);
      case TypeVariable<?> variable -> bound(variable);
      default -> throw new IllegalArgumentException("not known: " + type);
    };
  }

  private static Typed of(JavaType type) {
    if (type.isArrayType()) {
      return array(of(type.getContentType()), List.of());
    }
    List<Typed> arguments = new ArrayList<>();
    for (int i = 0; i < type.containedTypeCount(); i++) {
      arguments.add(of(type.containedType(i)));
    }
    Class<?> raw = type.getRawClass();
    return raw.getTypeParameters().length == arguments.size()
        ? generic(raw, arguments, List.of())
        : new Typed(raw, raw, List.of(), List.of());
  }

  /// A type as it is written.
  ///
  /// @param annotated the type
  /// @param variables what its variables stand for
  /// @return the type without variables
  static Typed of(AnnotatedType annotated, Map<TypeVariable<?>, Typed> variables) {
    List<Annotation> own = List.of(annotated.getAnnotations());
    return switch (annotated) {
      case AnnotatedTypeVariable one -> {
        TypeVariable<?> variable = (TypeVariable<?>) one.getType();
        Typed known = variables.get(variable);
        yield (known == null ? bound(variable) : known).with(own);
      }
      case AnnotatedArrayType array ->
          array(of(array.getAnnotatedGenericComponentType(), variables), own);
      case AnnotatedWildcardType wild -> of(wild.getAnnotatedUpperBounds()[0], variables).with(own);
      case AnnotatedParameterizedType generic
          when generic.getType() instanceof ParameterizedType type
              && type.getRawType() instanceof Class<?> raw ->
          generic(
              raw,
              Arrays.stream(generic.getAnnotatedActualTypeArguments())
                  .map(one -> of(one, variables))
                  .toList(),
              own);
      default -> of(annotated.getType()).with(own);
    };
  }

  static Typed listOf(Type element) {
    return generic(List.class, List.of(of(element)), List.of());
  }

  private static Typed bound(TypeVariable<?> variable) {
    Type bound = variable.getBounds()[0];
    return of(bound instanceof Class<?> ? bound : Object.class);
  }

  private static Typed generic(Class<?> raw, List<Typed> arguments, List<Annotation> own) {
    return arguments.isEmpty()
        ? new Typed(raw, raw, own, arguments)
        : new Typed(
            new Generic(raw, arguments.stream().map(Typed::type).toList()), raw, own, arguments);
  }

  private static Typed array(Typed element, List<Annotation> own) {
    Class<?> raw = element.raw.arrayType();
    Type type = element.type instanceof Class<?> ? raw : new ArrayOf(element.type);
    return new Typed(type, raw, own, List.of(element));
  }

  private Typed with(List<Annotation> more) {
    if (more.isEmpty()) {
      return this;
    }
    List<Annotation> all = new ArrayList<>(more);
    all.addAll(annotations);
    return new Typed(type, raw, all, arguments);
  }

  /// What the variables of its class stand for in it.
  Map<TypeVariable<?>, Typed> variables() {
    Map<TypeVariable<?>, Typed> all = new HashMap<>();
    TypeVariable<?>[] names = raw.getTypeParameters();
    for (int i = 0; i < names.length && i < arguments.size(); i++) {
      all.put(names[i], arguments.get(i));
    }
    return all;
  }

  /// Whether a value may be null, or be absent.
  boolean mayBeNull() {
    return raw == Optional.class || Shapes.isNullable(this);
  }

  @Override
  public <A extends Annotation> @Nullable A getAnnotation(Class<A> wanted) {
    return annotations.stream()
        .filter(wanted::isInstance)
        .map(wanted::cast)
        .findFirst()
        .orElse(null);
  }

  @Override
  public Annotation[] getAnnotations() {
    return annotations.toArray(Annotation[]::new);
  }

  @Override
  public Annotation[] getDeclaredAnnotations() {
    return getAnnotations();
  }

  @Override
  public String toString() {
    return type.getTypeName();
  }

  private record Generic(Class<?> raw, List<Type> arguments) implements ParameterizedType {
    @Override
    public Type[] getActualTypeArguments() {
      return arguments.toArray(Type[]::new);
    }

    @Override
    public Type getRawType() {
      return raw;
    }

    @Override
    public @Nullable Type getOwnerType() {
      return raw.getDeclaringClass();
    }

    @Override
    public String toString() {
      return raw.getName()
          + arguments.stream()
              .map(Type::getTypeName)
              .collect(java.util.stream.Collectors.joining(", ", "<", ">"));
    }
  }

  private record ArrayOf(Type element) implements GenericArrayType {
    @Override
    public Type getGenericComponentType() {
      return element;
    }

    @Override
    public String toString() {
      return element.getTypeName() + "[]";
    }
  }
}
