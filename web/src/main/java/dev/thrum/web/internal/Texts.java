package dev.thrum.web.internal;

import dev.thrum.web.ValidationException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Values in requests that are texts and stand for something else.
public final class Texts {
  /// Nothing that is no text is longer; reading very long numbers takes very long.
  private static final int LONGEST = 1000;

  private static final Map<Class<?>, Reading> READINGS =
      Map.ofEntries(
          Map.entry(
              Integer.class,
              new Reading(
                  "int_parsing",
                  "Input should be a valid integer, unable to parse string as an integer",
                  Integer::valueOf)),
          Map.entry(
              Long.class,
              new Reading(
                  "int_parsing",
                  "Input should be a valid integer, unable to parse string as an integer",
                  Long::valueOf)),
          Map.entry(
              Short.class,
              new Reading(
                  "int_parsing",
                  "Input should be a valid integer, unable to parse string as an integer",
                  Short::valueOf)),
          Map.entry(
              BigInteger.class,
              new Reading(
                  "int_parsing",
                  "Input should be a valid integer, unable to parse string as an integer",
                  BigInteger::new)),
          Map.entry(
              Double.class,
              new Reading(
                  "float_parsing",
                  "Input should be a valid number, unable to parse string as a number",
                  Texts::number)),
          Map.entry(
              Float.class,
              new Reading(
                  "float_parsing",
                  "Input should be a valid number, unable to parse string as a number",
                  text -> number(text).floatValue())),
          Map.entry(
              BigDecimal.class,
              new Reading("decimal_parsing", "Input should be a valid decimal", BigDecimal::new)),
          Map.entry(
              Boolean.class,
              new Reading(
                  "bool_parsing",
                  "Input should be a valid boolean, unable to interpret input",
                  Texts::truth)),
          Map.entry(
              UUID.class,
              new Reading("uuid_parsing", "Input should be a valid UUID", UUID::fromString)),
          Map.entry(
              LocalDate.class,
              new Reading("date_parsing", "Input should be a valid date", LocalDate::parse)),
          Map.entry(
              LocalTime.class,
              new Reading("time_parsing", "Input should be a valid time", LocalTime::parse)),
          Map.entry(
              LocalDateTime.class,
              new Reading(
                  "datetime_parsing", "Input should be a valid datetime", LocalDateTime::parse)),
          Map.entry(
              OffsetDateTime.class,
              new Reading(
                  "datetime_parsing", "Input should be a valid datetime", OffsetDateTime::parse)),
          Map.entry(
              Instant.class,
              new Reading("datetime_parsing", "Input should be a valid datetime", Instant::parse)),
          Map.entry(
              Duration.class,
              new Reading(
                  "time_delta_parsing", "Input should be a valid duration", Duration::parse)));

  private record Reading(String type, String message, Function<String, Object> how) {}

  private Texts() {}

  /// Whether a class is one of those that are read from texts; enums and `String` are, too.
  ///
  /// @param type a class
  /// @return whether it has a reading of its own
  public static boolean knows(Class<?> type) {
    return READINGS.containsKey(type);
  }

  /// What is wrong with something that is none of a type.
  ///
  /// @param type a class that is read from texts
  /// @return the kind of problem, and what people are told
  public static Map.Entry<String, String> complaint(Class<?> type) {
    Reading reading = READINGS.get(type);
    return reading == null
        ? Map.entry("enum", "Input should be " + names(type))
        : Map.entry(reading.type, reading.message);
  }

  /// Reads a value.
  ///
  /// @param text the text
  /// @param type the type; numbers, `Boolean`, `UUID`, enums, dates and times, `String`
  /// @param loc where it stands, for the problem
  /// @param <T> the type
  /// @return the value
  /// @throws ValidationException if the text is none of that type
  /// @throws IllegalArgumentException if this type cannot be read from a text
  public static <T> T read(String text, Class<T> type, List<Object> loc) {
    if (type == String.class) {
      return type.cast(text);
    }
    if (type.isEnum()) {
      return constant(text, type, loc);
    }
    Reading reading = READINGS.get(type);
    if (reading == null) {
      throw new IllegalArgumentException(type.getName() + " cannot be read from a text");
    }
    try {
      if (text.length() > LONGEST) {
        throw new IllegalArgumentException("too long");
      }
      return type.cast(reading.how.apply(text));
    } catch (IllegalArgumentException | DateTimeParseException _) {
      throw problem(reading.type, loc, reading.message, text);
    }
  }

  private static <T> T constant(String text, Class<T> type, List<Object> loc) {
    for (T one : type.getEnumConstants()) {
      if (((Enum<?>) one).name().equalsIgnoreCase(text)) {
        return one;
      }
    }
    throw problem("enum", loc, "Input should be " + names(type), text);
  }

  private static String names(Class<?> type) {
    Object[] constants = type.getEnumConstants();
    StringBuilder names = new StringBuilder();
    for (int i = 0; constants != null && i < constants.length; i++) {
      String before = i == 0 ? "" : i == constants.length - 1 ? " or " : ", ";
      names.append(before).append('\'').append(((Enum<?>) constants[i]).name()).append('\'');
    }
    return names.toString();
  }

  private static ValidationException problem(
      String type, List<Object> loc, String message, String text) {
    return new ValidationException(
        new ValidationException.Problem(type, loc, message, Optional.of(text)));
  }

  private static Double number(String text) {
    double read = Double.parseDouble(text);
    char last = text.charAt(text.length() - 1);
    if ((last < '0' && last != '.') || last > '9') {
      throw new NumberFormatException(text); // Java's suffixes, names and blanks
    }
    return read;
  }

  private static Boolean truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "on", "yes", "y", "t" -> true;
      case "false", "0", "off", "no", "n", "f" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }
}
