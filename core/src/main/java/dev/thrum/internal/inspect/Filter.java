package dev.thrum.internal.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds tasks by a part of their name, their state or what they wait for, and sorts them.
final class Filter {
  private Filter() {}

  static List<Sight> of(Picture picture, String filter) {
    if (filter.isBlank()) {
      return picture.tasks();
    }
    String part = filter.strip().toLowerCase(Locale.ROOT);
    return picture.tasks().stream().filter(sight -> matches(picture, sight, part)).toList();
  }

  /// Those of a loop that it finds, and all that own one of them.
  static List<Sight> withOwners(Picture picture, Look look, String filter) {
    if (filter.isBlank()) {
      return look.tasks();
    }
    Set<Sight> found = new HashSet<>(of(picture, filter));
    Set<Long> owners = new HashSet<>();
    List<Sight> kept = new ArrayList<>();
    for (Sight sight : look.tasks().reversed()) { // each task stands after its owner
      if (found.contains(sight) || owners.contains(sight.id())) {
        owners.add(sight.owner());
        kept.add(sight);
      }
    }
    return kept.reversed();
  }

  private static boolean matches(Picture picture, Sight sight, String part) {
    return has(sight.title(), part)
        || has(sight.state().text(), part)
        || has(sight.kind().text(), part)
        || has(picture.waitsFor(sight), part);
  }

  static boolean has(@Nullable String text, String part) {
    return text != null && text.toLowerCase(Locale.ROOT).contains(part);
  }

  static Comparator<Sight> order(String name) {
    return switch (name) {
      case "id" -> Comparator.comparingLong(Sight::id);
      case "age" -> Comparator.comparingInt(Sight::born);
      case "steps" -> Comparator.comparingLong(Sight::steps).reversed();
      case "cpu" -> Comparator.comparingInt(Sight::samples).reversed();
      case "name" -> NaturalOrder.by(Sight::title);
      case "state" -> Comparator.comparing(Sight::state);
      default ->
          throw new IllegalArgumentException(
              "tasks cannot be sorted by '"
                  + name
                  + "'; they can by id, age, steps, cpu, name or state");
    };
  }
}
