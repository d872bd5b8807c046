package dev.thrum.web.internal;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.thrum.web.Upload;
import dev.thrum.web.bind.Default;
import dev.thrum.web.internal.Shape.Choice;
import dev.thrum.web.internal.Shape.Entries;
import dev.thrum.web.internal.Shape.Field;
import dev.thrum.web.internal.Shape.Fields;
import dev.thrum.web.internal.Shape.Items;
import dev.thrum.web.internal.Shape.Other;
import dev.thrum.web.internal.Shape.Scalar;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.PropertyNamingStrategy;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedClassResolver;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.util.Converter;

/// The shapes of types, each looked at once.
///
/// **Threads.** Any number at a time.
public final class Shapes {
  private final Map<Typed, Fields> records = new HashMap<>();
  private final Map<Class<?>, Choice> choices = new HashMap<>();
  private final DeserializationConfig config;

  /// Shapes as a mapper names them.
  ///
  /// @param mapper the mapper
  public Shapes(JsonMapper mapper) {
    config = mapper.deserializationConfig();
  }

  /// The shape of a type.
  ///
  /// @param type the type
  /// @return its shape; of an `Optional` that of what is in it
  public Shape of(Type type) {
    return of(Typed.of(type));
  }

  /// The shape of a type.
  ///
  /// @param typed the type with annotations
  /// @return its shape; of an `Optional` that of what is in it
  public synchronized Shape of(Typed typed) {
    Class<?> raw = MethodType.methodType(typed.raw()).wrap().returnType();
    if (raw == String.class || raw.isEnum() || raw == Upload.class || Texts.knows(raw)) {
      return new Scalar(raw);
    }
    if (raw == Optional.class && typed.arguments().size() == 1) {
      return of(typed.arguments().getFirst());
    }
    if (raw.isArray() && raw != byte[].class && raw != char[].class) {
      Typed element = typed.arguments().getFirst();
      return new Items(typed.type(), raw, of(element), element);
    }
    if (isOwn(raw)) {
      return new Other(typed.type());
    }
    Shape made = container(typed, raw);
    if (made == null && typed.arguments().isEmpty()) {
      made = choice(raw);
    }
    if (made == null && raw.isRecord()) {
      made = record(typed);
    }
    return made == null ? new Other(typed.type()) : made;
  }

  /// Whether a class says itself how it is read.
  private static boolean isOwn(Class<?> raw) {
    JsonDeserialize own = raw.getAnnotation(JsonDeserialize.class);
    return own != null
        && (own.using() != ValueDeserializer.None.class || own.converter() != Converter.None.class);
  }

  private @Nullable Shape container(Typed typed, Class<?> raw) {
    boolean map = Map.class.isAssignableFrom(raw);
    boolean unknown = raw.getTypeParameters().length > 0 && typed.arguments().isEmpty();
    if (unknown || (!map && !Collection.class.isAssignableFrom(raw))) {
      return null;
    }
    JavaType type = config.getTypeFactory().constructType(typed.type());
    List<Typed> known = typed.arguments();
    if (map) {
      Typed value = known.size() == 2 ? known.get(1) : Typed.of(type.getContentType());
      return new Entries(typed.type(), type.getKeyType().getRawClass(), of(value), value);
    }
    Typed element = known.size() == 1 ? known.getFirst() : Typed.of(type.getContentType());
    return new Items(typed.type(), raw, of(element), element);
  }

  /// What a class has been made one of by `@JsonTypeInfo`, or by being sealed.
  private @Nullable Choice choice(Class<?> raw) {
    Choice known = choices.get(raw);
    if (known != null) {
      return known;
    }
    AnnotatedClass annotated =
        AnnotatedClassResolver.resolve(config, config.constructType(raw), config);
    JsonTypeInfo.Value info =
        config.getAnnotationIntrospector().findPolymorphicTypeInfo(config, annotated);
    boolean none = info == null || info.getIdType() == JsonTypeInfo.Id.NONE;
    if (none ? !raw.isSealed() : raw.isRecord() && !raw.isAnnotationPresent(JsonTypeInfo.class)) {
      return null;
    }
    var all = config.getSubtypeResolver().collectAndResolveSubtypesByTypeId(config, annotated);
    Choice made = new Choice(raw, none ? "" : property(info), new LinkedHashMap<>());
    choices.put(raw, made);
    for (NamedType one : all) {
      Class<?> type = one.getType();
      if (type.isRecord() || !Modifier.isAbstract(type.getModifiers())) {
        made.choices()
            .put(
                id(one, none ? null : info),
                type.isRecord() ? record(Typed.of(type)) : other(type));
      }
    }
    return made;
  }

  private Shape other(Class<?> type) {
    return type.isEnum() ? new Scalar(type) : new Other(type);
  }

  /// The property by which Jackson will tell, if it is nothing else.
  private static String property(JsonTypeInfo.Value info) {
    boolean plain =
        switch (info.getInclusionType()) {
          case PROPERTY, EXISTING_PROPERTY -> info.getDefaultImpl() == null;
          default -> false;
        };
    boolean named =
        switch (info.getIdType()) {
          case NAME, SIMPLE_NAME, CLASS -> true;
          default -> false;
        };
    return plain && named ? info.getPropertyName() : "";
  }

  private static String id(NamedType one, JsonTypeInfo.@Nullable Value info) {
    String name = one.getType().getName();
    if (info == null || info.getIdType() == JsonTypeInfo.Id.CLASS) {
      return name;
    }
    if (one.hasName()) {
      return one.getName();
    }
    String last = name.substring(name.lastIndexOf('.') + 1);
    return info.getIdType() == JsonTypeInfo.Id.SIMPLE_NAME
        ? last.substring(last.lastIndexOf('$') + 1)
        : last;
  }

  /// The type of lists.
  ///
  /// @param element the type of their elements
  /// @return the type
  public static Type listOf(Class<?> element) {
    return Typed.listOf(Objects.requireNonNull(element, "element")).type();
  }

  /// A record, whatever it is one of.
  ///
  /// @param raw its class
  /// @return its shape; nothing if it is read in a way of its own
  synchronized Optional<Fields> fields(Class<?> raw) {
    return raw.isRecord() && !isOwn(raw) ? Optional.of(record(Typed.of(raw))) : Optional.empty();
  }

  private Fields record(Typed typed) {
    Fields known = records.get(typed);
    if (known != null) {
      return known;
    }
    Fields made = new Fields(typed, new ArrayList<>());
    records.put(typed, made);
    Map<TypeVariable<?>, Typed> variables = typed.variables();
    for (RecordComponent one : typed.raw().getRecordComponents()) {
      made.fields().add(field(one, Typed.of(one.getAnnotatedType(), variables)));
    }
    return made;
  }

  private Field field(RecordComponent component, Typed whole) {
    boolean nullable = isNullable(component) || isNullable(whole);
    boolean optional = whole.raw() == Optional.class && whole.arguments().size() == 1;
    Typed annotated = optional ? whole.arguments().getFirst() : whole;
    Default fallback = component.getAnnotation(Default.class);
    component.getAccessor().setAccessible(true);
    return new Field(
        component.getName(),
        json(component),
        of(annotated),
        annotated,
        whole.type(),
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
