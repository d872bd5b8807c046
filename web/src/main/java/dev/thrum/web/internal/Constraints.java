package dev.thrum.web.internal;

import dev.thrum.web.ValidationException.Problem;
import dev.thrum.web.internal.Shape.Choice;
import dev.thrum.web.internal.Shape.Entries;
import dev.thrum.web.internal.Shape.Field;
import dev.thrum.web.internal.Shape.Fields;
import dev.thrum.web.internal.Shape.Items;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Path;
import jakarta.validation.TraversableResolver;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.lang.annotation.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.hibernate.validator.HibernateValidator;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.jspecify.annotations.Nullable;

/// What Jakarta Validation's annotations ask for, of a record and of all records in it.
///
/// Records are walked through here and not by the validator, so that those in records are checked
/// without an annotation and places are told by the names that a client knows. What has no
/// constraint anywhere is not walked through.
///
/// **Threads.** Any number at a time.
public final class Constraints {
  /// How many problems are told at most.
  static final int MOST = 100;

  private static final Validator VALIDATOR =
      Validation.byProvider(HibernateValidator.class)
          .configure()
          .messageInterpolator(new Enough.Counting(new ParameterMessageInterpolator()))
          .traversableResolver(new OneLevel())
          .addValueExtractor(new Enough.OfLists())
          .addValueExtractor(new Enough.OfCollections())
          .addValueExtractor(new Enough.OfKeys())
          .addValueExtractor(new Enough.OfValues())
          .buildValidatorFactory()
          .getValidator();

  private static final Map<Class<?>, Boolean> CONSTRAINED = new ConcurrentHashMap<>();

  private Constraints() {}

  private static final class OneLevel implements TraversableResolver {
    @Override
    public boolean isReachable(
        Object object, Path.Node property, Class<?> root, Path path, ElementType type) {
      return true;
    }

    @Override
    public boolean isCascadable(
        Object object, Path.Node property, Class<?> root, Path path, ElementType type) {
      return false;
    }
  }

  /// Whether there is anything to be checked.
  ///
  /// @param shape what would be checked
  /// @return whether a record in it has a constraint
  public static boolean any(Shape shape) {
    return any(shape, new HashSet<>());
  }

  private static boolean any(Shape shape, Set<Shape> seen) {
    return switch (shape) {
      case Items items -> any(items.element(), seen);
      case Entries entries -> any(entries.value(), seen);
      case Fields record ->
          seen.add(record)
              && (isConstrained(record.raw())
                  || record.fields().stream().anyMatch(one -> any(one.shape(), seen)));
      case Choice choice ->
          seen.add(choice) && choice.choices().values().stream().anyMatch(one -> any(one, seen));
      default -> false;
    };
  }

  static boolean isConstrained(Class<?> raw) {
    return CONSTRAINED.computeIfAbsent(
        raw, type -> VALIDATOR.getConstraintsForClass(type).isBeanConstrained());
  }

  /// Checks a value and all that is in it.
  ///
  /// @param value the value
  /// @param shape what it is
  /// @param loc where it is
  /// @param problems gets what is wrong
  public static void check(
      @Nullable Object value, Shape shape, List<Object> loc, List<Problem> problems) {
    switch (shape) {
      case Shape _ when value instanceof Optional<?> perhaps ->
          check(perhaps.orElse(null), shape, loc, problems);
      case Items items when value instanceof Object[] all ->
          check(Arrays.asList(all), items, loc, problems);
      case Items items when value instanceof Collection<?> all -> {
        int at = 0;
        for (Object one : all) {
          if (problems.size() >= MOST) {
            return;
          }
          check(one, items.element(), plus(loc, at++), problems);
        }
      }
      case Entries entries when value instanceof Map<?, ?> all -> {
        for (Map.Entry<?, ?> one : all.entrySet()) {
          if (problems.size() >= MOST) {
            return;
          }
          List<Object> place = plus(loc, String.valueOf(one.getKey()));
          check(one.getValue(), entries.value(), place, problems);
        }
      }
      case Fields record when value != null ->
          check(value, record, field -> plus(loc, field.json()), loc, problems);
      case Choice choice when value != null ->
          check(value, choice.of(value.getClass()), loc, problems);
      default -> {}
    }
  }

  /// Checks a record and all that is in it.
  ///
  /// @param value the record
  /// @param shape what it is
  /// @param places where its components are
  /// @param whole where the record is
  /// @param problems gets what is wrong
  public static void check(
      Object value,
      Fields shape,
      Function<Field, List<Object>> places,
      List<Object> whole,
      List<Problem> problems) {
    if (isConstrained(shape.raw())) {
      add(Enough.counting(() -> VALIDATOR.validate(value)), shape, places, whole, problems);
    }
    for (Field one : shape.fields()) {
      if (any(one.shape())) {
        check(get(one, value), one.shape(), places.apply(one), problems);
      }
    }
  }

  private static @Nullable Object get(Field field, Object record) {
    try {
      Object value = field.component().getAccessor().invoke(record);
      return value instanceof Optional<?> perhaps ? perhaps.orElse(null) : value;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + field.name(), e);
    }
  }

  /// Checks a component of a record that cannot be made, without what is in it.
  ///
  /// @param shape the record
  /// @param field the component
  /// @param value its value, as the record would get it
  /// @param loc where it is
  /// @param problems gets what is wrong
  public static void checkAlone(
      Fields shape, Field field, @Nullable Object value, List<Object> loc, List<Problem> problems) {
    if (isConstrained(shape.raw())) {
      add(
          Enough.counting(() -> VALIDATOR.validateValue(shape.raw(), field.name(), value)),
          shape,
          _ -> loc,
          loc,
          problems);
    }
  }

  private static <T> void add(
      Set<ConstraintViolation<T>> violations,
      Fields shape,
      Function<Field, List<Object>> places,
      List<Object> whole,
      List<Problem> problems) {
    if (violations.isEmpty()) {
      return;
    }
    Map<String, Integer> order = new HashMap<>();
    shape.fields().forEach(one -> order.put(one.name(), order.size()));
    violations.stream()
        .sorted(
            Comparator.<ConstraintViolation<T>>comparingInt(
                    one -> order.getOrDefault(first(one.getPropertyPath()), -1))
                .thenComparing(one -> one.getPropertyPath().toString())
                .thenComparing(ConstraintViolation::getMessage))
        .limit(Math.max(0, MOST - problems.size()))
        .forEach(one ->
            problems.add(Complaints.of(one, place(one.getPropertyPath(), shape, places, whole))));
  }

  private static String first(Path path) {
    String name = path.iterator().next().getName();
    return name == null ? "" : name;
  }

  private static List<Object> place(
      Path path, Fields shape, Function<Field, List<Object>> places, List<Object> whole) {
    String name = first(path);
    List<Object> place =
        new ArrayList<>(
            shape.fields().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .map(places)
                .orElse(whole));
    for (Path.Node node : path) {
      if (node.getIndex() != null) {
        place.add(node.getIndex());
      } else if (node.getKey() != null) {
        place.add(String.valueOf(node.getKey()));
      }
    }
    return place;
  }

  static List<Object> plus(List<Object> loc, Object more) {
    List<Object> longer = new ArrayList<>(loc.size() + 1);
    longer.addAll(loc);
    longer.add(more);
    return longer;
  }
}
