package dev.thrum.web;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The converters that are always there. They say no without an exception.
final class Converters {
  static final Converter<String> STRING = new Strings();
  static final Converter<String> PATH = new Strings();

  private static final Converter<Integer> INT =
      new Filtered<>(Integer.class) {
        @Override
        boolean admits(String text) {
          return isNumber(text, "2147483647");
        }

        @Override
        Integer read(String text) {
          return Integer.valueOf(text);
        }
      };
  private static final Converter<Long> LONG =
      new Filtered<>(Long.class) {
        @Override
        boolean admits(String text) {
          return isNumber(text, "9223372036854775807");
        }

        @Override
        Long read(String text) {
          return Long.valueOf(text);
        }
      };
  private static final Converter<Double> FLOAT =
      new Filtered<>(Double.class) {
        @Override
        boolean admits(String text) {
          int point = text.indexOf('.');
          return point < 0
              ? isDigits(text, 0, text.length())
              : isDigits(text, 0, point) && isDigits(text, point + 1, text.length());
        }

        @Override
        Double read(String text) {
          return Double.valueOf(text);
        }
      };
  private static final Converter<UUID> UNIQUE =
      new Filtered<>(UUID.class) {
        @Override
        boolean admits(String text) {
          if (text.length() != 36) {
            return false;
          }
          for (int i = 0; i < 36; i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? text.charAt(i) != '-' : Character.digit(text.charAt(i), 16) < 0) {
              return false;
            }
          }
          return true;
        }

        @Override
        UUID read(String text) {
          return UUID.fromString(text);
        }
      };

  /// The most particular ones first: that is the order in which a path tries them.
  private static final List<Converter<?>> ORDER = List.of(INT, LONG, FLOAT, UNIQUE);

  static final Map<String, Converter<?>> ALL =
      Map.of("str", STRING, "int", INT, "long", LONG, "float", FLOAT, "uuid", UNIQUE, "path", PATH);

  private Converters() {}

  /// Which is tried first: built-in numbers, those of the program, texts, paths.
  static int rank(Converter<?> converter) {
    if (converter == PATH) {
      return Integer.MAX_VALUE;
    }
    if (converter == STRING) {
      return Integer.MAX_VALUE - 1;
    }
    int at = ORDER.indexOf(converter);
    return at < 0 ? ORDER.size() : at;
  }

  private static boolean isDigits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return from < to;
  }

  /// Whether a text is of digits only, and not more than a number; zeros may come before.
  private static boolean isNumber(String text, String most) {
    int length = text.length();
    if (!isDigits(text, 0, length)) {
      return false;
    }
    int zeros = 0;
    while (zeros < length && text.charAt(zeros) == '0') {
      zeros++;
    }
    int digits = length - zeros;
    return digits < most.length()
        || (digits == most.length() && text.substring(zeros).compareTo(most) <= 0);
  }

  /// A converter that looks before it reads.
  private abstract static class Filtered<T> implements Converter<T> {
    private final Class<T> type;

    Filtered(Class<T> type) {
      this.type = type;
    }

    abstract boolean admits(String text);

    abstract T read(String text);

    @Override
    public Class<T> type() {
      return type;
    }

    @Override
    public Optional<T> convert(String text) {
      return admits(text) ? Optional.of(read(text)) : Optional.empty();
    }
  }

  private static final class Strings implements Converter<String> {
    @Override
    public Class<String> type() {
      return String.class;
    }

    @Override
    public Optional<String> convert(String text) {
      return Optional.of(text);
    }
  }
}
