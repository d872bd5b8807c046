package dev.thrum.internal.inspect;

import dev.thrum.internal.Durations;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How tools call things. Nothing here runs code of the program that is looked at: that could wait
/// for what a task holds.
public final class Words {
  private static final int LONGEST = 300;

  private Words() {}

  /// A task's name; one that is blank would not be seen.
  static String name(@Nullable String own, long id) {
    return own == null || own.isBlank() ? "task-" + id : own;
  }

  /// A name without its number: what tasks of one kind have in common.
  static String stem(String name) {
    int end = name.length();
    while (end > 0 && Character.isDigit(name.charAt(end - 1))) {
      end--;
    }
    boolean separated = 0 < end && end < name.length() && "-_# ".indexOf(name.charAt(end - 1)) >= 0;
    return name.substring(0, separated ? end - 1 : end);
  }

  /// What something is that a task waits for or holds.
  static String thing(Object thing) {
    Class<?> type = thing.getClass();
    if (type.getName().startsWith("dev.thrum.")) {
      try {
        return cut(thing.toString());
      } catch (RuntimeException _) {
        return identity(thing); // it changes while it is looked at
      }
    }
    return identity(thing);
  }

  /// Class and identity; of what is part of a lock or a future of the JDK, that.
  ///
  /// @param thing something
  /// @return what to call it
  public static String identity(Object thing) {
    Class<?> type = thing.getClass();
    Class<?> outer = type.getEnclosingClass();
    boolean inside = outer != null && outer.getName().startsWith("java.util.concurrent.");
    String name = (inside ? outer : type).getName();
    return name.substring(name.lastIndexOf('.') + 1)
        + "@"
        + Integer.toHexString(System.identityHashCode(thing));
  }

  /// What a task failed with. By the task itself.
  static String failure(Throwable failure) {
    try {
      return cut(failure.toString());
    } catch (Throwable _) {
      return failure.getClass().getName();
    }
  }

  /// How many there are of something: `1 task`, `2,000 tasks`.
  static String count(long number, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
  }

  /// Words in a sentence: `a, b and c`.
  static String list(Collection<String> words) {
    String all = String.join(", ", words);
    int last = all.lastIndexOf(", ");
    return last < 0 ? all : all.substring(0, last) + " and " + all.substring(last + 2);
  }

  static String millis(long millis) {
    if (millis < 120_000) {
      return millis == 0 ? "0 ms" : Durations.readable(Duration.ofMillis(millis));
    }
    Duration time = Duration.ofMillis(millis);
    return time.toHours() == 0
        ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
        : time.toDays() == 0
            ? time.toHours() + " h " + time.toMinutesPart() + " min"
            : time.toDays() + " d " + time.toHoursPart() + " h";
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
