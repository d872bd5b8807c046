package dev.thrum.internal.inspect;

import java.util.Comparator;
import java.util.function.Function;

/// Sorts names with numbers as people do: `loop-9` before `loop-10`.
final class NaturalOrder {
  private NaturalOrder() {}

  static <T> Comparator<T> by(Function<? super T, String> name) {
    return Comparator.comparing((T item) -> head(name.apply(item)))
        .thenComparingLong(item -> number(name.apply(item)))
        .thenComparing(name);
  }

  private static String head(String name) {
    return name.substring(0, digitsFrom(name));
  }

  private static long number(String name) {
    int from = digitsFrom(name);
    return from == name.length() || name.length() - from > 18
        ? -1
        : Long.parseLong(name.substring(from));
  }

  private static int digitsFrom(String name) {
    int from = name.length();
    while (from > 0 && name.charAt(from - 1) >= '0' && name.charAt(from - 1) <= '9') {
      from--;
    }
    return from;
  }
}
