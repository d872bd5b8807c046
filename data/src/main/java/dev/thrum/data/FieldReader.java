package dev.thrum.data;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Reads a field as a value.
///
/// @param what what it is, in a word
/// @param reads throws something if it is not
record FieldReader(String what, Function<String, Object> reads) {
  private static final Map<Type, FieldReader> KNOWN = new HashMap<>();

  static {
    put("text", text -> text, String.class);
    put("whole number", Integer::valueOf, int.class, Integer.class);
    put("whole number", Long::valueOf, long.class, Long.class);
    put("whole number", Short::valueOf, short.class, Short.class);
    put("whole number", BigInteger::new, BigInteger.class);
    put("number", Double::valueOf, double.class, Double.class);
    put("number", Float::valueOf, float.class, Float.class);
    put("number", BigDecimal::new, BigDecimal.class);
    put("truth value", FieldReader::truth, boolean.class, Boolean.class);
    put("date", LocalDate::parse, LocalDate.class);
    put("time", LocalTime::parse, LocalTime.class);
    put("date and time", LocalDateTime::parse, LocalDateTime.class);
    put("date and time with a zone", OffsetDateTime::parse, OffsetDateTime.class);
    put("date and time with a zone", ZonedDateTime::parse, ZonedDateTime.class);
    put("instant", Instant::parse, Instant.class);
    put("duration", Duration::parse, Duration.class);
    put("UUID", UUID::fromString, UUID.class);
  }

  private static void put(String what, Function<String, Object> reads, Type... types) {
    for (Type type : types) {
      KNOWN.put(type, new FieldReader(what, reads));
    }
  }

  private static Object truth(String text) {
    return switch (text) {
      case "true", "TRUE", "True", "1", "yes" -> true;
      case "false", "FALSE", "False", "0", "no" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  Object read(String field) {
    return reads.apply(field);
  }

  static FieldReader of(Type type, Class<?> of, String component) {
    FieldReader known = KNOWN.get(type);
    if (known != null) {
      return known;
    }
    if (type instanceof ParameterizedType perhaps && perhaps.getRawType() == Optional.class) {
      FieldReader inner = of(perhaps.getActualTypeArguments()[0], of, component);
      return new FieldReader(
          inner.what(), text -> text.isEmpty() ? Optional.empty() : Optional.of(inner.read(text)));
    }
    if (type instanceof Class<?> constants && constants.isEnum()) {
      Map<String, Object> names = new HashMap<>();
      for (Object one : constants.getEnumConstants()) {
        names.put(((Enum<?>) one).name(), one);
      }
      return new FieldReader(
          constants.getSimpleName(),
          text -> {
            Object one = names.get(text);
            if (one == null) {
              throw new IllegalArgumentException(text);
            }
            return one;
          });
    }
    throw new IllegalArgumentException(
        of.getSimpleName()
            + "."
            + component
            + " is of "
            + type
            + ", which no field can be read as");
  }
}
