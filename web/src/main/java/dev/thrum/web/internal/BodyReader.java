package dev.thrum.web.internal;

import dev.thrum.web.ValidationException.Problem;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/// Reads JSON into an object. What is right is read once, straight into the object; only what is
/// wrong is read again as a tree, to find all that is wrong.
final class BodyReader {
  private static final List<Object> BODY = List.of("body");
  private static final int MUCH = 1 << 16;

  private final JsonMapper mapper;
  private final JavaType type;
  private final Shape shape;
  private final ObjectReader reader;
  private final boolean hasDefaults;
  private final boolean constrained;

  BodyReader(JsonMapper strict, Type type, Shape shape) {
    this.mapper = strict;
    this.type = strict.constructType(type);
    this.shape = shape;
    this.reader = strict.readerFor(this.type);
    this.hasDefaults = hasDefaults(shape, new HashSet<>());
    this.constrained = Constraints.any(shape);
  }

  private static boolean hasDefaults(Shape shape, Set<Shape> seen) {
    return switch (shape) {
      case Shape.Items items -> hasDefaults(items.element(), seen);
      case Shape.Entries entries -> hasDefaults(entries.value(), seen);
      case Shape.Fields record ->
          seen.add(record)
              && record.fields().stream()
                  .anyMatch(one -> !one.fallback().isEmpty() || hasDefaults(one.shape(), seen));
      case Shape.Choice choice ->
          seen.add(choice)
              && choice.choices().values().stream().anyMatch(one -> hasDefaults(one, seen));
      default -> false;
    };
  }

  static boolean isJson(String content) {
    if (content.equals("application/json")) {
      return true;
    }
    String bare = Accept.bare(content);
    return bare.equals("application/json")
        || (bare.startsWith("application/") && bare.endsWith("+json"));
  }

  static boolean isForm(String content) {
    String bare = Accept.bare(content);
    return bare.equals("application/x-www-form-urlencoded") || bare.equals("multipart/form-data");
  }

  /// Reads a body; the result is null only if there are problems.
  @Nullable Object read(byte[] body, List<Problem> problems) {
    if (body.length == 0) {
      problems.add(
          new Problem("missing", BODY, "Field required", Optional.of(NullNode.getInstance())));
      return null;
    }
    Object read = hasDefaults ? null : fast(body);
    if (read == null || !isWhole(read, shape)) {
      read = slow(body, problems);
    }
    if (read != null && constrained) {
      Constraints.check(read, shape, BODY, problems);
    }
    if (problems.size() > Constraints.MOST) {
      problems.subList(Constraints.MOST, problems.size()).clear();
    }
    if (body.length > MUCH) {
      problems.replaceAll(BodyReader::withoutInput);
    }
    return read;
  }

  /// What was much is not sent back, which could be many times as much.
  private static Problem withoutInput(Problem one) {
    return new Problem(one.type(), one.loc(), one.msg(), Optional.empty());
  }

  private @Nullable Object fast(byte[] body) {
    try {
      return reader.readValue(body);
    } catch (JacksonException _) {
      return null;
    }
  }

  /// Whether nothing is null that must not be, in what no record holds.
  private static boolean isWhole(Object value, Shape shape) {
    return switch (shape) {
      case Shape.Items items when value instanceof Object[] all ->
          isWhole(Arrays.asList(all), items);
      case Shape.Items items when value instanceof Collection<?> all ->
          all.stream().allMatch(one -> isWhole(one, items.element(), items.annotated()));
      case Shape.Entries entries when value instanceof Map<?, ?> all ->
          all.values().stream().allMatch(one -> isWhole(one, entries.value(), entries.annotated()));
      default -> true;
    };
  }

  private static boolean isWhole(@Nullable Object value, Shape shape, Typed typed) {
    return value == null ? typed.mayBeNull() : isWhole(value, shape);
  }

  private @Nullable Object slow(byte[] body, List<Problem> problems) {
    JsonNode tree;
    try {
      tree = mapper.readTree(body);
    } catch (JacksonException e) {
      problems.add(malformed(e));
      return null;
    }
    TreeReading reading = new TreeReading(mapper);
    JsonNode right = reading.walk(tree, shape, BODY);
    problems.addAll(reading.problems());
    if (!problems.isEmpty()) {
      return null;
    }
    try {
      Object read = mapper.treeToValue(right, type);
      if (read == null) {
        problems.add(new Problem("missing", BODY, "Field required", Optional.of(right)));
      }
      return read;
    } catch (JacksonException e) {
      problems.add(other(e, tree));
      return null;
    }
  }

  private static Problem malformed(JacksonException e) {
    int at = e.getLocation() == null ? 0 : (int) Math.max(0, e.getLocation().getByteOffset());
    String type = e instanceof StreamReadException ? "JSON decode error: " : "JSON decode error, ";
    return new Problem(
        "json_invalid", List.of("body", at), type + e.getOriginalMessage(), Optional.of(Map.of()));
  }

  /// What only Jackson or a constructor does not like.
  private static Problem other(JacksonException e, JsonNode tree) {
    if (e instanceof ValueInstantiationException
        && e.getCause() instanceof RuntimeException cause
        && !(cause instanceof IllegalArgumentException)) {
      throw cause;
    }
    List<Object> loc = new ArrayList<>(BODY);
    JsonNode at = tree;
    for (JacksonException.Reference one : e.getPath()) {
      String name = one.getPropertyName();
      loc.add(name == null ? (Object) one.getIndex() : name);
      at = name == null ? at.path(one.getIndex()) : at.path(name);
    }
    Throwable cause = e.getCause();
    String message =
        cause instanceof IllegalArgumentException && cause.getMessage() != null
            ? cause.getMessage()
            : e.getOriginalMessage();
    return new Problem(
        "value_error",
        loc,
        "Value error, " + message,
        at.isMissingNode() ? Optional.empty() : Optional.of(at));
  }
}
