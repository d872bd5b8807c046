package dev.thrum.internal.process;

import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The gate of the parent: which classes a child's answer may be made of.
///
/// Without being told: values, enums and exceptions of the JDK, and exceptions of Thrum. Beyond
/// that only what is known before the answer is read: what was sent with the body, what belongs to
/// the same outermost class as the body, what the body's code declares that it returns or throws,
/// and what the fields of these are declared as. Nothing that an answer names lets anything else
/// in.
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

  /// By name, since this package is below theirs.
  static final Set<String> OF_THRUM =
      Set.of(
          "dev.thrum.CancelledException",
          "dev.thrum.DeadlockException",
          "dev.thrum.channel.ChannelClosedException",
          "dev.thrum.channel.ChannelFullException",
          "dev.thrum.internal.process.Described",
          "dev.thrum.internal.process.RecordCopy",
          "dev.thrum.process.ExitCodeException",
          "dev.thrum.process.TransferException",
          "dev.thrum.process.WorkerFailedException",
          "dev.thrum.stream.GeneratorClosedException",
          "dev.thrum.sync.BrokenException");

  private final Answer answer;

  /// What may come in for this body; found out when somebody needs it.
  private @Nullable Set<Class<?>> admitted;

  /// What is known of an answer before it comes.
  ///
  /// @param body the body's class
  /// @param declared what it says of its result and its exceptions
  /// @param told what else may come
  public record Answer(Class<?> body, DeclaredTypes.Source declared, Set<Class<?>> told) {}

  /// A gate for one answer.
  ///
  /// @param answer what is known of it
  /// @param bytes how many bytes it has
  public Admission(Answer answer, int bytes) {
    super(bytes);
    this.answer = answer;
  }

  @Override
  protected boolean admits(String name) {
    return !name.equals(SerializedLambda.class.getName()) && !name.equals(Anew.class.getName());
  }

  @Override
  protected boolean admits(Class<?> type) {
    return isOfTheJdk(type)
        || OF_THRUM.contains(type.getName())
        || type.getNestHost() == answer.body.getNestHost()
        || answer.told.contains(type)
        || reached().contains(type);
  }

  private Set<Class<?>> reached() {
    Set<Class<?>> known = admitted;
    if (known == null) {
      Set<Class<?>> found = new LinkedHashSet<>();
      answer.told.forEach(type -> DeclaredTypes.addTo(found, type));
      answer.declared.types().forEach(type -> DeclaredTypes.addTo(found, type));
      for (Class<?> type : answer.body.getNestHost().getNestMembers()) {
        DeclaredTypes.addTo(found, type);
      }
      known = found;
      admitted = known;
    }
    return known;
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
        + ", which is not taken from a child unasked; declare it as what the body, or the method"
        + " that the body names, returns or throws, or build the pool with allow(…)";
  }

  private static boolean isOfTheJdk(Class<?> type) {
    return type.getModule() == BASE
        && Serializable.class.isAssignableFrom(type)
        && (isValue(type) || isEnumOrException(type));
  }

  private static boolean isEnumOrException(Class<?> type) {
    return BASE.isExported(type.getPackageName())
        && (Enum.class.isAssignableFrom(type) || Throwable.class.isAssignableFrom(type));
  }

  private static boolean isValue(Class<?> type) {
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
