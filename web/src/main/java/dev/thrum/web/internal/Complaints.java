package dev.thrum.web.internal;

import dev.thrum.web.ValidationException.Problem;
import jakarta.validation.ConstraintViolation;
import java.lang.reflect.Array;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Violated constraints in the words of pydantic. A message of the program's own is kept.
final class Complaints {
  private Complaints() {}

  private record Words(String type, String message) {}

  static Problem of(ConstraintViolation<?> violation, List<Object> loc) {
    Words words = words(violation);
    String template = violation.getMessageTemplate();
    boolean own =
        !template.startsWith("{jakarta.validation.")
            && !template.startsWith("{org.hibernate.validator.");
    return new Problem(
        words.type,
        loc,
        own ? violation.getMessage() : words.message,
        Optional.ofNullable(violation.getInvalidValue()));
  }

  private static Words words(ConstraintViolation<?> violation) {
    Map<String, Object> limits = violation.getConstraintDescriptor().getAttributes();
    Object value = violation.getInvalidValue();
    String name =
        violation.getConstraintDescriptor().getAnnotation().annotationType().getSimpleName();
    boolean inclusive = !Boolean.FALSE.equals(limits.get("inclusive"));
    return switch (name) {
      case "Min" -> bound("greater_than_equal", "greater than or equal to", limits.get("value"));
      case "Max" -> bound("less_than_equal", "less than or equal to", limits.get("value"));
      case "DecimalMin" ->
          inclusive
              ? bound("greater_than_equal", "greater than or equal to", limits.get("value"))
              : bound("greater_than", "greater than", limits.get("value"));
      case "DecimalMax" ->
          inclusive
              ? bound("less_than_equal", "less than or equal to", limits.get("value"))
              : bound("less_than", "less than", limits.get("value"));
      case "Positive" -> bound("greater_than", "greater than", 0);
      case "PositiveOrZero" -> bound("greater_than_equal", "greater than or equal to", 0);
      case "Negative" -> bound("less_than", "less than", 0);
      case "NegativeOrZero" -> bound("less_than_equal", "less than or equal to", 0);
      case "Size" -> size(value, number(limits.get("min")), number(limits.get("max")));
      case "NotEmpty" ->
          value == null ? new Words("missing", "Field required") : size(value, 1, -1);
      case "NotBlank" -> new Words("string_too_short", "String should not be blank");
      case "NotNull" -> new Words("missing", "Field required");
      case "Pattern" ->
          new Words(
              "string_pattern_mismatch",
              "String should match pattern '" + limits.get("regexp") + "'");
      case "Email" -> new Words("value_error", "value is not a valid email address");
      default -> new Words("value_error", "Value error, " + violation.getMessage());
    };
  }

  private static int number(@Nullable Object limit) {
    return limit instanceof Integer number ? number : 0;
  }

  private static Words bound(String type, String words, @Nullable Object limit) {
    return new Words(type, "Input should be " + words + " " + limit);
  }

  private static Words size(@Nullable Object value, int min, int max) {
    if (value instanceof CharSequence text) {
      return text.length() < min
          ? new Words("string_too_short", "String should have at least " + count(min, "character"))
          : new Words("string_too_long", "String should have at most " + count(max, "character"));
    }
    boolean map = value instanceof Map;
    int size =
        switch (value) {
          case Collection<?> all -> all.size();
          case Map<?, ?> all -> all.size();
          case null -> 0;
          default -> Array.getLength(value);
        };
    String what = map ? "Dictionary" : "List";
    return size < min
        ? new Words(
            "too_short",
            "%s should have at least %s after validation, not %d"
                .formatted(what, count(min, "item"), size))
        : new Words(
            "too_long",
            "%s should have at most %s after validation, not %d"
                .formatted(what, count(max, "item"), size));
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
