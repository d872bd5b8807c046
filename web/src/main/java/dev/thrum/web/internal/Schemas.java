package dev.thrum.web.internal;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.thrum.web.Json;
import dev.thrum.web.Upload;
import dev.thrum.web.bind.Example;
import dev.thrum.web.internal.Shape.Choice;
import dev.thrum.web.internal.Shape.Entries;
import dev.thrum.web.internal.Shape.Field;
import dev.thrum.web.internal.Shape.Fields;
import dev.thrum.web.internal.Shape.Items;
import dev.thrum.web.internal.Shape.Other;
import dev.thrum.web.internal.Shape.Scalar;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// JSON Schemas of shapes, as OpenAPI 3.1 wants them: those of records lie beside each other and
/// are referred to.
public final class Schemas {
  private final Map<String, Object> components = new TreeMap<>();
  private final Map<Fields, String> names = new HashMap<>();
  private final Map<Fields, Tag> tags = new HashMap<>();

  /// What the property holds by which a record is told from others.
  private record Tag(String property, Set<String> values) {}

  /// No schemas yet.
  public Schemas() {}

  /// The schemas that are referred to.
  ///
  /// @return the schemas by name
  public Map<String, Object> components() {
    return components;
  }

  /// A schema.
  ///
  /// @param shape what it is of
  /// @return the schema
  public Map<String, Object> of(Shape shape) {
    return switch (shape) {
      case Scalar scalar -> scalar(scalar.raw());
      case Items items -> {
        Map<String, Object> made = schema("array");
        made.put("items", constrained(of(items.element()), items.annotated()));
        if (Set.class.isAssignableFrom(items.raw())) {
          made.put("uniqueItems", true);
        }
        yield made;
      }
      case Entries entries -> {
        Map<String, Object> made = schema("object");
        made.put("additionalProperties", constrained(of(entries.value()), entries.annotated()));
        if (entries.key().isEnum() || entries.key() == UUID.class) {
          made.put("propertyNames", scalar(entries.key()));
        }
        yield made;
      }
      case Fields record -> reference(record);
      case Choice choice -> choice(choice);
      case Other _ -> new LinkedHashMap<>();
    };
  }

  /// The schema of a component, with its constraints and its default.
  ///
  /// @param field the component
  /// @return the schema
  public Map<String, Object> of(Field field) {
    Map<String, Object> made = bare(field);
    RecordComponent component = field.component();
    var told = component.getAccessor().getAnnotation(JsonPropertyDescription.class);
    if (told != null) {
      made.put("description", told.value());
    }
    Example examples = component.getAnnotation(Example.class);
    if (examples != null) {
      made.put(
          "examples",
          Arrays.stream(examples.value()).map(one -> example(field.shape(), one)).toList());
    }
    return made;
  }

  private static Object example(Shape shape, String text) {
    return shape instanceof Scalar ? value(shape, text) : Json.standard().mapper().readTree(text);
  }

  private Map<String, Object> bare(Field field) {
    Map<String, Object> made = constrained(of(field.shape()), field.annotated());
    made = constrained(made, field.component());
    boolean items = field.shape() instanceof Items;
    if (!field.fallback().isEmpty()) {
      made.put(
          "default", items ? defaults(field) : value(field.shape(), field.fallback().getFirst()));
    }
    if (!field.optional() && !field.nullable()) {
      return made;
    }
    Map<String, Object> either = new LinkedHashMap<>();
    either.put("anyOf", List.of(made, schema("null")));
    return either;
  }

  private static List<Object> defaults(Field field) {
    Shape element = field.shape() instanceof Items items ? items.element() : field.shape();
    return field.fallback().stream().map(one -> value(element, one)).toList();
  }

  private static Object value(Shape shape, String text) {
    return shape instanceof Scalar scalar
            && (Number.class.isAssignableFrom(scalar.raw()) || scalar.raw() == Boolean.class)
        ? Texts.read(text, scalar.raw(), List.of())
        : text;
  }

  private Map<String, Object> choice(Choice choice) {
    Map<String, Object> made = new LinkedHashMap<>();
    Map<String, Object> mapping = new LinkedHashMap<>();
    choice
        .choices()
        .forEach((id, one) -> {
          if (one instanceof Fields record && !choice.property().isEmpty()) {
            tag(record, choice.property(), id);
            mapping.put(id, reference(record).get("$ref"));
          }
        });
    made.put("oneOf", choice.choices().values().stream().distinct().map(this::of).toList());
    if (mapping.size() == choice.choices().size()) {
      Map<String, Object> discriminator = new LinkedHashMap<>();
      discriminator.put("propertyName", choice.property());
      discriminator.put("mapping", mapping);
      made.put("discriminator", discriminator);
    }
    return made;
  }

  private void tag(Fields record, String property, String id) {
    Tag tag = tags.computeIfAbsent(record, _ -> new Tag(property, new TreeSet<>()));
    String name = names.get(record);
    if (tag.values.add(id) && name != null) {
      components.put(name, object(record));
    }
  }

  private Map<String, Object> reference(Fields record) {
    String name = names.get(record);
    if (name == null) {
      name = free(record.typed());
      names.put(record, name);
      components.put(name, Map.of());
      components.put(name, object(record));
    }
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("$ref", "#/components/schemas/" + name);
    return made;
  }

  private String free(Typed typed) {
    String name = name(typed, Class::getSimpleName);
    return components.containsKey(name) ? name(typed, Class::getName) : name;
  }

  /// Such as `Page_Item_` for a `Page<Item>`.
  private static String name(Typed typed, Function<Class<?>, String> naming) {
    String own = naming.apply(typed.raw()).replace('$', '.').replaceAll("[^A-Za-z0-9._-]", "_");
    return typed.arguments().isEmpty() || typed.raw().isArray()
        ? own
        : typed.arguments().stream()
            .map(one -> name(one, naming))
            .collect(Collectors.joining("_", own + "_", "_"));
  }

  private Map<String, Object> object(Fields record) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    Tag tag = tags.get(record);
    if (tag != null) {
      Map<String, Object> told = schema("string");
      told.put("enum", List.copyOf(tag.values));
      properties.put(tag.property, told);
      required.add(tag.property);
    }
    for (Field one : record.fields()) {
      if (properties.containsKey(one.json())) {
        continue;
      }
      properties.put(one.json(), of(one));
      if (one.required()) {
        required.add(one.json());
      }
    }
    Map<String, Object> made = schema("object");
    made.put("title", record.raw().getSimpleName());
    made.put("properties", properties);
    if (!required.isEmpty()) {
      made.put("required", required);
    }
    return made;
  }

  private static Map<String, Object> schema(String type) {
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("type", type);
    return made;
  }

  private static Map<String, Object> scalar(Class<?> raw) {
    if (raw.isEnum()) {
      Map<String, Object> made = schema("string");
      Object[] all = raw.getEnumConstants();
      made.put("enum", Arrays.stream(all).map(one -> ((Enum<?>) one).name()).toList());
      return made;
    }
    if (raw == Upload.class) {
      return formatted("string", "binary");
    }
    if (raw == Boolean.class) {
      return schema("boolean");
    }
    if (raw == Integer.class || raw == Long.class) {
      return formatted("integer", raw == Integer.class ? "int32" : "int64");
    }
    if (raw == Short.class || raw == BigInteger.class) {
      return schema("integer");
    }
    if (raw == Double.class || raw == Float.class || raw == BigDecimal.class) {
      return schema("number");
    }
    return raw == String.class ? schema("string") : formatted("string", format(raw));
  }

  private static String format(Class<?> raw) {
    if (raw == UUID.class) {
      return "uuid";
    }
    if (raw == LocalDate.class) {
      return "date";
    }
    if (raw == LocalTime.class) {
      return "time";
    }
    return raw == Duration.class ? "duration" : "date-time";
  }

  private static Map<String, Object> formatted(String type, String format) {
    Map<String, Object> made = schema(type);
    made.put("format", format);
    return made;
  }

  private static Map<String, Object> constrained(
      Map<String, Object> schema, AnnotatedElement annotated) {
    String type = String.valueOf(schema.get("type"));
    for (Annotation one : annotated.getAnnotations()) {
      if (one.annotationType().getPackageName().equals("jakarta.validation.constraints")) {
        constrain(schema, type, one);
      }
    }
    return schema;
  }

  private static void constrain(Map<String, Object> schema, String type, Annotation one) {
    switch (one) {
      case jakarta.validation.constraints.Min min -> schema.put("minimum", min.value());
      case jakarta.validation.constraints.Max max -> schema.put("maximum", max.value());
      case jakarta.validation.constraints.DecimalMin min ->
          schema.put(min.inclusive() ? "minimum" : "exclusiveMinimum", new BigDecimal(min.value()));
      case jakarta.validation.constraints.DecimalMax max ->
          schema.put(max.inclusive() ? "maximum" : "exclusiveMaximum", new BigDecimal(max.value()));
      case jakarta.validation.constraints.Positive _ -> schema.put("exclusiveMinimum", 0);
      case jakarta.validation.constraints.PositiveOrZero _ -> schema.put("minimum", 0);
      case jakarta.validation.constraints.Negative _ -> schema.put("exclusiveMaximum", 0);
      case jakarta.validation.constraints.NegativeOrZero _ -> schema.put("maximum", 0);
      case jakarta.validation.constraints.Size size -> size(schema, type, size.min(), size.max());
      case jakarta.validation.constraints.NotEmpty _ -> size(schema, type, 1, Integer.MAX_VALUE);
      case jakarta.validation.constraints.NotBlank _ -> size(schema, type, 1, Integer.MAX_VALUE);
      case jakarta.validation.constraints.Pattern pattern ->
          schema.put("pattern", "^(?:" + pattern.regexp() + ")$");
      case jakarta.validation.constraints.Email _ -> schema.put("format", "email");
      default -> {}
    }
  }

  private static void size(Map<String, Object> schema, String type, int min, int max) {
    String what =
        switch (type) {
          case "array" -> "Items";
          case "object" -> "Properties";
          default -> "Length";
        };
    if (min > 0) {
      schema.put("min" + what, min);
    }
    if (max < Integer.MAX_VALUE) {
      schema.put("max" + what, max);
    }
  }
}
