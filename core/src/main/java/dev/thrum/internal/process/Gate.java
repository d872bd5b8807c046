package dev.thrum.internal.process;

import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/// Lets classes that a stream names into a JVM or keeps them out, before anything of them runs, and
/// bounds the memory that arrays and tables of what is read can take by the bytes that have come.
///
/// The bound is on all arrays together: a stream may say a length again and again before the first
/// array is full. An element takes a byte at least; the tables of maps and sets have more places
/// than elements. What a class does in its `readObject`, and how long that takes, is not bounded.
///
/// What an admitted class puts in its own place when it is read is not asked about: that is its
/// code, and none of the sender's.
public abstract class Gate implements ObjectInputFilter {
  private static final int DEEPEST = 2_000;
  private static final int SPARE = 64;

  private final long places;
  private long taken;
  private @Nullable String refusal;

  /// A gate for one object.
  ///
  /// @param bytes how many bytes it is read from
  protected Gate(int bytes) {
    this.places = 2L * bytes + SPARE;
  }

  /// Whether a class may be looked up.
  ///
  /// @param name its name
  /// @return false to refuse it
  protected abstract boolean admits(String name);

  /// Whether objects of a class may come in. It has not been initialized.
  ///
  /// @param type no array
  /// @return false to refuse it
  protected abstract boolean admits(Class<?> type);

  /// Whether a proxy may come in.
  ///
  /// @param interfaces the names of what it implements
  /// @return false to refuse it
  protected abstract boolean admitsProxy(String[] interfaces);

  /// Says what is wrong with a class.
  ///
  /// @param name its name
  /// @return a sentence
  protected abstract String refuse(String name);

  final void check(String name) throws InvalidClassException {
    if (!admits(name)) {
      throw new InvalidClassException(refuse(name));
    }
  }

  final void check(Class<?> type) throws InvalidClassException {
    Class<?> element = type;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    // Of these there are no objects, only arrays and class literals.
    boolean isOpen = element.isInterface() || element == Object.class || element.isPrimitive();
    if (!isOpen && !admits(element)) {
      throw new InvalidClassException(refuse(element.getName()));
    }
  }

  final void checkProxy(String[] interfaces) throws InvalidClassException {
    if (!admitsProxy(interfaces)) {
      throw new InvalidClassException(refuse("proxy of " + String.join(" and ", interfaces)));
    }
  }

  /// What was beyond the bounds.
  final @Nullable String refusal() {
    return refusal;
  }

  @Override
  public final Status checkInput(FilterInfo info) {
    taken += Math.max(0, info.arrayLength());
    if (info.depth() > DEEPEST) {
      refusal = "its objects are nested too deeply";
    } else if (taken > places) {
      refusal = "it has arrays that are longer than what has come";
    }
    return refusal == null ? Status.UNDECIDED : Status.REJECTED;
  }
}
