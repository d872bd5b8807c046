package dev.thrum.internal.process;

import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// The gate of the parent: which classes a child's answer may be made of.
///
/// Without being told: values of the JDK; exceptions, records and enums that the body's class
/// loader finds; what belongs to the same outermost class as the body; what was sent with the body;
/// and what its declared result type leads to. What an admitted class has in its fields is admitted
/// with it, as far as their declared types say.
public final class Admission extends Gate {
  private static final Module BASE = Object.class.getModule();
  private static final Set<String> OTHER_VALUES =
      Set.of(
          "java.lang.Boolean",
          "java.lang.Character",
          "java.lang.Enum",
          "java.lang.StackTraceElement",
          "java.lang.String",
          "java.math.MathContext",
          "java.net.URI",
          "java.util.BitSet",
          "java.util.CollSer",
          "java.util.Currency",
          "java.util.Date",
          "java.util.EnumSet$SerializationProxy",
          "java.util.Locale",
          "java.util.UUID",
          "java.util.concurrent.atomic.AtomicBoolean",
          "java.util.concurrent.atomic.AtomicReference");

  private final Answer answer;
  private final Set<Class<?>> admitted;
  private boolean asked;

  /// What is known of an answer before it comes.
  ///
  /// @param body the body's class
  /// @param declared what it says of its result
  /// @param told what else may come
  public record Answer(Class<?> body, DeclaredTypes.Source declared, Set<Class<?>> told) {}

  /// A gate for one answer.
  ///
  /// @param answer what is known of it
  /// @param bytes how many bytes it has
  public Admission(Answer answer, int bytes) {
    super(bytes);
    this.answer = answer;
    this.admitted = new LinkedHashSet<>(answer.told);
  }

  @Override
  protected boolean admits(String name) {
    return !name.equals(SerializedLambda.class.getName()) && !name.equals(Anew.class.getName());
  }

  @Override
  protected boolean admits(Class<?> type) {
    if (isValue(type) || type == RecordCopy.class || admitted.contains(type)) {
      return true;
    }
    boolean isPlain =
        Throwable.class.isAssignableFrom(type)
            || type.isRecord()
            || Enum.class.isAssignableFrom(type)
            || type.getNestHost() == answer.body.getNestHost();
    if (isPlain) {
      DeclaredTypes.addTo(admitted, type);
      return true;
    }
    if (!asked) {
      asked = true;
      answer.declared.types().forEach(one -> DeclaredTypes.addTo(admitted, one));
    }
    return admitted.contains(type);
  }

  @Override
  protected boolean admitsProxy(String[] interfaces) {
    return false;
  }

  @Override
  protected String refuse(String name) {
    if (name.equals(SerializedLambda.class.getName())) {
      return "it has a lambda, and code is not taken from a child; return what the lambda needs";
    }
    return "it has a "
        + name
        + ", which is not taken from a child unasked; return a record, declare it as the result of"
        + " the method that the body calls, or build the pool with allow(…)";
  }

  private static boolean isValue(Class<?> type) {
    if (type.getModule() != BASE || !Serializable.class.isAssignableFrom(type)) {
      return false;
    }
    return switch (type.getPackageName()) {
      case "java.time", "java.time.chrono", "java.time.zone", "java.util.concurrent.locks" -> true;
      case "java.lang", "java.math", "java.net" -> isNumberOrListed(type);
      case "java.util", "java.util.concurrent", "java.util.concurrent.atomic" ->
          isNumberOrListed(type) || isContainer(type);
      default -> false;
    };
  }

  private static boolean isNumberOrListed(Class<?> type) {
    return Number.class.isAssignableFrom(type) || OTHER_VALUES.contains(type.getName());
  }

  private static boolean isContainer(Class<?> type) {
    return Collection.class.isAssignableFrom(type)
        || Map.class.isAssignableFrom(type)
        || Map.Entry.class.isAssignableFrom(type)
        || Comparator.class.isAssignableFrom(type)
        || type.getName().equals("java.util.concurrent.ConcurrentHashMap$Segment");
  }
}
