package dev.thrum.web.internal;

import dev.thrum.web.ValidationException.Problem;
import dev.thrum.web.internal.Shape.Choice;
import dev.thrum.web.internal.Shape.Entries;
import dev.thrum.web.internal.Shape.Field;
import dev.thrum.web.internal.Shape.Fields;
import dev.thrum.web.internal.Shape.Items;
import dev.thrum.web.internal.Shape.Other;
import dev.thrum.web.internal.Shape.Scalar;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// Walks a tree of JSON beside a shape: finds all that is wrong, puts defaults where nothing is,
/// and makes what is nearly right right, such as `"5"` where a number should be.
final class TreeReading {
  private final JsonMapper mapper;
  private final List<Problem> problems = new ArrayList<>();

  TreeReading(JsonMapper mapper) {
    this.mapper = mapper;
  }

  List<Problem> problems() {
    return problems;
  }

  /// Whether more problems would only make the answer longer.
  private boolean isEnough() {
    return problems.size() >= Constraints.MOST;
  }

  /// The tree as it can be read; anything if there are problems.
  JsonNode walk(JsonNode node, Shape shape, List<Object> loc) {
    return switch (shape) {
      case Scalar scalar -> scalar(node, scalar.raw(), loc);
      case Items items -> items(node, items, loc);
      case Entries entries -> entries(node, entries, loc);
      case Fields record -> record(node, record, loc);
      case Choice choice -> choice(node, choice, loc);
      case Other _ -> node;
    };
  }

  private JsonNode choice(JsonNode node, Choice shape, List<Object> loc) {
    String property = shape.property();
    if (property.isEmpty()) {
      return node;
    }
    if (!node.isObject()) {
      return noObject(node, loc);
    }
    JsonNode tag = node.get(property);
    if (tag == null || tag.isNull()) {
      return wrong(
          node,
          loc,
          "union_tag_not_found",
          "Unable to extract tag using discriminator '" + property + "'");
    }
    String said = tag.isString() ? tag.stringValue() : tag.toString();
    Shape chosen = shape.choices().get(said);
    return chosen == null
        ? wrong(
            node,
            loc,
            "union_tag_invalid",
            "Input tag '%s' found using '%s' does not match any of the expected tags: %s"
                .formatted(said, property, quoted(shape.choices().keySet())))
        : walk(node, chosen, loc);
  }

  private static String quoted(Set<String> names) {
    return names.stream().collect(Collectors.joining("', '", "'", "'"));
  }

  private JsonNode noObject(JsonNode node, List<Object> loc) {
    return wrong(
        node,
        loc,
        "model_attributes_type",
        "Input should be a valid dictionary or object to extract fields from");
  }

  private JsonNode record(JsonNode node, Fields shape, List<Object> loc) {
    if (!node.isObject()) {
      return noObject(node, loc);
    }
    ObjectNode made = mapper.createObjectNode();
    for (Map.Entry<String, JsonNode> one : node.properties()) {
      made.set(one.getKey(), one.getValue());
    }
    for (Field field : shape.fields()) {
      if (isEnough()) {
        break;
      }
      JsonNode read = field(node, shape, field, Constraints.plus(loc, field.json()));
      if (read != null) {
        made.set(field.json(), read);
      }
    }
    return made;
  }

  private @Nullable JsonNode field(JsonNode node, Fields shape, Field field, List<Object> loc) {
    JsonNode child = node.get(field.json());
    if (child == null && field.fallback().isEmpty()) {
      return field.required() ? wrong(node, loc, "missing", "Field required") : null;
    }
    if (child == null) {
      return fallback(field);
    }
    if (child.isNull() && (field.optional() || field.nullable())) {
      return child;
    }
    int before = problems.size();
    JsonNode read = walk(child, field.shape(), loc);
    if (problems.size() == before) {
      checkAlone(read, shape, field, loc);
    }
    return read;
  }

  /// Checks constraints of a component although another one may be wrong.
  private void checkAlone(JsonNode read, Fields shape, Field field, List<Object> loc) {
    try {
      JavaType type = mapper.constructType(field.type());
      Constraints.checkAlone(shape, field, mapper.treeToValue(read, type), loc, problems);
    } catch (JacksonException _) {
      // It is told when the whole is read.
    }
  }

  private JsonNode fallback(Field field) {
    if (field.shape() instanceof Items items) {
      ArrayNode all = mapper.createArrayNode();
      for (String one : field.fallback()) {
        var _ = all.add(walk(mapper.valueToTree(one), items.element(), List.of()));
      }
      return all;
    }
    return walk(mapper.valueToTree(field.fallback().getFirst()), field.shape(), List.of());
  }

  private JsonNode items(JsonNode node, Items shape, List<Object> loc) {
    if (!node.isArray()) {
      return wrong(node, loc, "list_type", "Input should be a valid list");
    }
    boolean nulls = shape.annotated().mayBeNull();
    ArrayNode made = mapper.createArrayNode();
    for (int i = 0; i < node.size() && !isEnough(); i++) {
      JsonNode one = node.get(i);
      var _ =
          made.add(
              one.isNull() && nulls ? one : walk(one, shape.element(), Constraints.plus(loc, i)));
    }
    return made;
  }

  private JsonNode entries(JsonNode node, Entries shape, List<Object> loc) {
    if (!node.isObject()) {
      return wrong(node, loc, "dict_type", "Input should be a valid dictionary");
    }
    boolean nulls = shape.annotated().mayBeNull();
    ObjectNode made = mapper.createObjectNode();
    for (Map.Entry<String, JsonNode> one : node.properties()) {
      if (isEnough()) {
        break;
      }
      key(one.getKey(), shape.key(), loc);
      JsonNode value = one.getValue();
      made.set(
          one.getKey(),
          value.isNull() && nulls
              ? value
              : walk(value, shape.value(), Constraints.plus(loc, one.getKey())));
    }
    return made;
  }

  private void key(String name, Class<?> type, List<Object> loc) {
    if (type == String.class || type == Object.class) {
      return;
    }
    JavaType map =
        mapper.getTypeFactory().constructMapType(LinkedHashMap.class, type, Boolean.class);
    try {
      var _ = mapper.treeToValue(mapper.createObjectNode().put(name, true), map);
    } catch (JacksonException _) {
      Map.Entry<String, String> words =
          type.isEnum() || Texts.knows(type)
              ? Texts.complaint(type)
              : Map.entry("value_error", "Value error, not a valid key");
      List<Object> place = Constraints.plus(Constraints.plus(loc, name), "[key]");
      problems.add(new Problem(words.getKey(), place, words.getValue(), Optional.of(name)));
    }
  }

  private JsonNode scalar(JsonNode node, Class<?> type, List<Object> loc) {
    if (type == String.class) {
      return node.isString()
          ? node
          : wrong(node, loc, "string_type", "Input should be a valid string");
    }
    if (!node.isNull() && !node.isContainer()) {
      JsonNode read = fits(node, type) ? node : lenient(node, type);
      if (read != null) {
        return read;
      }
    }
    return complain(node, type, loc);
  }

  private boolean fits(JsonNode node, Class<?> type) {
    try {
      return mapper.treeToValue(node, type) != null;
    } catch (JacksonException _) {
      return false;
    }
  }

  private @Nullable JsonNode lenient(JsonNode node, Class<?> type) {
    if (type == Boolean.class) {
      String text = node.isString() || node.isIntegralNumber() ? node.asString() : "";
      try {
        return BooleanNode.valueOf(Texts.read(text, Boolean.class, List.of()));
      } catch (dev.thrum.web.ValidationException _) {
        return null;
      }
    }
    if (isWhole(type) && node.isNumber() && isIntegral(node)) {
      JsonNode whole = mapper.valueToTree(node.decimalValue().toBigInteger());
      return fits(whole, type) ? whole : null;
    }
    return null;
  }

  private static boolean isWhole(Class<?> type) {
    return type == Integer.class
        || type == Long.class
        || type == Short.class
        || type == BigInteger.class;
  }

  private static boolean isIntegral(JsonNode node) {
    if (node.isIntegralNumber()) {
      return true;
    }
    double value = node.doubleValue();
    return Math.rint(value) == value && Math.abs(value) < 1e18;
  }

  private JsonNode complain(JsonNode node, Class<?> type, List<Object> loc) {
    if (isWhole(type)) {
      return whole(node, type, loc);
    }
    Map.Entry<String, String> words = Texts.complaint(type);
    if (type.isEnum() || node.isString()) {
      return wrong(node, loc, words.getKey(), words.getValue());
    }
    if (type == UUID.class) {
      return wrong(node, loc, "uuid_type", "UUID input should be a string");
    }
    String message =
        type == BigDecimal.class
            ? "Decimal input should be an integer, float, string or Decimal object"
            : "Input should be a valid " + noun(type);
    return wrong(node, loc, words.getKey().replace("_parsing", "_type"), message);
  }

  private static String noun(Class<?> type) {
    if (type == Boolean.class) {
      return "boolean";
    }
    if (type == Double.class || type == Float.class) {
      return "number";
    }
    if (type == LocalDate.class) {
      return "date";
    }
    if (type == LocalTime.class) {
      return "time";
    }
    return type == Duration.class ? "timedelta" : "datetime";
  }

  private JsonNode whole(JsonNode node, Class<?> type, List<Object> loc) {
    if (node.isString()) {
      Map.Entry<String, String> words = Texts.complaint(type);
      return wrong(node, loc, words.getKey(), words.getValue());
    }
    if (!node.isNumber()) {
      return wrong(node, loc, "int_type", "Input should be a valid integer");
    }
    if (!isIntegral(node) && Math.abs(node.doubleValue()) < 1e18) {
      return wrong(
          node,
          loc,
          "int_from_float",
          "Input should be a valid integer, got a number with a fractional part");
    }
    return wrong(
        node,
        loc,
        "int_parsing_size",
        "Unable to parse input as an integer, exceeded maximum size");
  }

  private JsonNode wrong(JsonNode node, List<Object> loc, String type, String message) {
    problems.add(new Problem(type, loc, message, Optional.of(node)));
    return NullNode.getInstance();
  }
}
