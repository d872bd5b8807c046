package dev.thrum.web.internal;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.thrum.web.Upload;
import dev.thrum.web.bind.Default;
import dev.thrum.web.internal.Shape.Entries;
import dev.thrum.web.internal.Shape.Field;
import dev.thrum.web.internal.Shape.Fields;
import dev.thrum.web.internal.Shape.Items;
import dev.thrum.web.internal.Shape.Other;
import dev.thrum.web.internal.Shape.Scalar;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.PropertyNamingStrategy;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.json.JsonMapper;

/// The shapes of types, each looked at once.
///
/// **Threads.** Any number at a time.
public final class Shapes {
  private final Map<Class<?>, Fields> records = new ConcurrentHashMap<>();
  private final DeserializationConfig config;

  /// Shapes as a mapper names them.
  ///
  /// @param mapper the mapper
  public Shapes(JsonMapper mapper) {
    config = mapper.deserializationConfig();
  }

  /// The shape of a class.
  ///
  /// @param type the class
  /// @return its shape
  public Shape of(Class<?> type) {
    Class<?> raw = MethodType.methodType(type).wrap().returnType();
    if (raw == String.class || raw.isEnum() || raw == Upload.class || Texts.knows(raw)) {
      return new Scalar(raw);
    }
    boolean plain =
        raw.isRecord()
            && raw.getTypeParameters().length == 0
            && !raw.isAnnotationPresent(JsonDeserialize.class)
            && !raw.isAnnotationPresent(JsonTypeInfo.class);
    return plain ? record(raw) : new Other(type);
  }

  /// The shape of a type.
  ///
  /// @param annotated the type with annotations
  /// @return its shape
  public Shape of(AnnotatedType annotated) {
    Type type = annotated.getType();
    if (type instanceof Class<?> plain) {
      return of(plain);
    }
    if (type instanceof ParameterizedType generic
        && generic.getRawType() instanceof Class<?> raw
        && annotated instanceof AnnotatedParameterizedType parts) {
      AnnotatedType[] arguments = parts.getAnnotatedActualTypeArguments();
      if (Collection.class.isAssignableFrom(raw) && arguments.length == 1) {
        return new Items(type, raw, of(arguments[0]), arguments[0]);
      }
      if (raw == Map.class && arguments[0].getType() == String.class) {
        return new Entries(type, of(arguments[1]), arguments[1]);
      }
    }
    return new Other(type);
  }

  /// The shape of a type that a response holds, of which no annotations are known.
  ///
  /// @param type the type
  /// @return its shape; of an `Optional` that of what is in it
  public Shape ofResult(Type type) {
    if (type instanceof Class<?> plain) {
      return plain.isArray() && plain != byte[].class
          ? items(type, plain, plain.getComponentType())
          : of(plain);
    }
    if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
      Type[] arguments = generic.getActualTypeArguments();
      if (raw == Optional.class) {
        return ofResult(arguments[0]);
      }
      if (Collection.class.isAssignableFrom(raw) && arguments.length == 1) {
        return items(type, raw, arguments[0]);
      }
      if (Map.class.isAssignableFrom(raw) && arguments.length == 2) {
        return new Entries(type, ofResult(arguments[1]), new Bare(arguments[1]));
      }
    }
    return new Other(type);
  }

  private Items items(Type type, Class<?> raw, Type element) {
    return new Items(type, raw, ofResult(element), new Bare(element));
  }

  /// The type of lists.
  ///
  /// @param element the type of their elements
  /// @return the type
  public static Type listOf(Class<?> element) {
    return new ListOf(Objects.requireNonNull(element, "element"));
  }

  private record ListOf(Class<?> element) implements ParameterizedType {
    @Override
    public Type[] getActualTypeArguments() {
      return new Type[] {element};
    }

    @Override
    public Type getRawType() {
      return List.class;
    }

    @Override
    public @Nullable Type getOwnerType() {
      return null;
    }
  }

  /// A type without annotations.
  private record Bare(Type type) implements AnnotatedType {
    @Override
    public Type getType() {
      return type;
    }

    @Override
    public <A extends Annotation> @Nullable A getAnnotation(Class<A> wanted) {
      return null;
    }

    @Override
    public Annotation[] getAnnotations() {
      return new Annotation[0];
    }

    @Override
    public Annotation[] getDeclaredAnnotations() {
      return new Annotation[0];
    }
  }

  private Fields record(Class<?> raw) {
    Fields known = records.get(raw);
    if (known != null) {
      return known;
    }
    Fields made = new Fields(raw, new ArrayList<>());
    records.put(raw, made);
    for (RecordComponent one : raw.getRecordComponents()) {
      made.fields().add(field(one));
    }
    return made;
  }

  private Field field(RecordComponent component) {
    AnnotatedType annotated = component.getAnnotatedType();
    boolean nullable = isNullable(component) || isNullable(annotated);
    boolean optional = component.getType() == Optional.class;
    if (optional && annotated instanceof AnnotatedParameterizedType parts) {
      annotated = parts.getAnnotatedActualTypeArguments()[0];
    }
    Default fallback = component.getAnnotation(Default.class);
    component.getAccessor().setAccessible(true);
    return new Field(
        component.getName(),
        json(component),
        of(annotated),
        annotated,
        component,
        optional,
        nullable,
        fallback == null ? List.of() : List.of(fallback.value()));
  }

  private String json(RecordComponent component) {
    JsonProperty own = component.getAccessor().getAnnotation(JsonProperty.class);
    if (own != null && !own.value().isEmpty()) {
      return own.value();
    }
    PropertyNamingStrategy names = config.getPropertyNamingStrategy();
    String name = component.getName();
    return names == null ? name : names.nameForConstructorParameter(config, null, name);
  }

  /// Whether something is marked as one that may be null, with whoever's annotation.
  ///
  /// @param annotated what may be marked
  /// @return whether it is
  public static boolean isNullable(AnnotatedElement annotated) {
    for (Annotation one : annotated.getAnnotations()) {
      if (one.annotationType().getSimpleName().equals("Nullable")) {
        return true;
      }
    }
    return false;
  }
}
