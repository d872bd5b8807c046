package dev.thrum.process;

import dev.thrum.internal.LeftOpen;
import dev.thrum.internal.SignalHandlers;
import dev.thrum.internal.wait.Changing;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A set of signals that have come, in the order in which they did.
final class SignalsImpl extends Changing implements Signals {
  private final List<SignalHandlers.Registration> registrations = new ArrayList<>();
  private final Set<String> names = new LinkedHashSet<>();
  private final Set<String> pending = new LinkedHashSet<>();
  private Runnable noted = () -> {};
  private boolean closed;

  private SignalsImpl() {
    super(true);
  }

  static SignalsImpl open(String... names) {
    if (names.length == 0) {
      throw new IllegalArgumentException("name at least one signal to receive, such as TERM");
    }
    SignalsImpl signals = new SignalsImpl();
    try {
      for (String given : names) {
        String name = given.startsWith("SIG") ? given.substring(3) : given;
        if (signals.names.add(name)) {
          signals.registrations.add(SignalHandlers.add(name, () -> signals.came(name)));
        }
      }
    } catch (RuntimeException e) {
      signals.close();
      throw e;
    }
    signals.noted = LeftOpen.unlessClosed(signals, () -> true);
    return signals;
  }

  /// One has come, though perhaps too late for this.
  void came(String name) {
    boolean[] late = {false};
    change(() -> {
      late[0] = closed;
      if (!closed) {
        boolean _ = pending.add(name);
      }
    });
    if (late[0]) {
      SignalHandlers.raise(name);
    }
  }

  @Override
  public String next() {
    String name = nextOrNull();
    if (name == null) {
      throw new IllegalStateException(this + " have been closed: wait for them before close()");
    }
    return name;
  }

  private @Nullable String nextOrNull() {
    @Nullable String[] first = {null};
    awaitUntil(() -> {
      if (!closed && !pending.isEmpty()) {
        first[0] = pending.iterator().next();
        pending.remove(first[0]);
      }
      return first[0] != null || closed;
    });
    return first[0];
  }

  @Override
  public Iterator<String> iterator() {
    return new Iterator<>() {
      private @Nullable String upcoming;

      @Override
      public boolean hasNext() {
        if (upcoming == null) {
          upcoming = nextOrNull();
        }
        return upcoming != null;
      }

      @Override
      public String next() {
        if (!hasNext()) {
          throw new NoSuchElementException(SignalsImpl.this + " have been closed");
        }
        String name = java.util.Objects.requireNonNull(upcoming);
        upcoming = null;
        return name;
      }
    };
  }

  @Override
  public void close() {
    noted.run();
    List<String> left = new ArrayList<>();
    change(() -> {
      closed = true;
      left.addAll(pending);
      pending.clear();
    });
    registrations.forEach(SignalHandlers.Registration::close);
    left.forEach(SignalHandlers::raise);
  }

  @Override
  public String toString() {
    List<String> come = new ArrayList<>();
    boolean waits =
        see(() -> {
          come.addAll(pending);
          return !pending.isEmpty();
        });
    String all = "signals " + String.join(", ", names);
    return waits ? all + ", of which " + String.join(", ", come) + " has come" : all;
  }
}
