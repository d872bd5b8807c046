package dev.thrum.testkit;

import dev.thrum.Body;
import dev.thrum.VoidBody;
import dev.thrum.internal.wait.Guarded;
import dev.thrum.internal.wait.OpenWait;
import dev.thrum.internal.wait.Party;
import dev.thrum.internal.wait.WaitQueue;
import dev.thrum.internal.wait.Waiter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The number whose turn it is, and those who wait for theirs.
final class SequencerImpl extends Guarded implements Sequencer {

  /// What a task waits for.
  private record Turn(SequencerImpl sequence, int number) implements OpenWait {
    @Override
    public String toString() {
      return "step " + number + " of " + sequence;
    }
  }

  /// Why the steps after one will never come.
  private record Gap(int number, String taker, CancellationException cause) {
    IllegalStateException exception(String label, int later) {
      return new IllegalStateException(
          "step %d of %s will never come: %s was cancelled before its step %d"
              .formatted(later, label, taker, number),
          cause);
    }
  }

  private final @Nullable String name;
  private final WaitQueue queue = new WaitQueue();
  private final Map<Integer, Party> takers = new TreeMap<>();
  private int turn;
  private @Nullable Party holder;
  private @Nullable Gap gap;

  SequencerImpl(@Nullable String name) {
    this.name = name;
  }

  @Override
  public void step(int number) {
    begin(number);
    passOn();
  }

  @Override
  public <T extends @Nullable Object, X extends Throwable> T step(int number, Body<T, X> body)
      throws X {
    Objects.requireNonNull(body, "body");
    begin(number);
    try {
      return body.call();
    } finally {
      passOn();
    }
  }

  @Override
  public <X extends Throwable> void step(int number, VoidBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    begin(number);
    try {
      body.run();
    } finally {
      passOn();
    }
  }

  private void begin(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("steps are numbered from 0: " + number);
    }
    Party me = Party.current();
    try {
      me.enter();
    } catch (CancellationException cancelled) {
      leaveGap(number, me, cancelled);
      throw cancelled;
    }
    Waiter waiter = take(number, me);
    if (waiter == null) {
      me.passed();
      return;
    }
    if (!me.await(waiter) && leave(queue, waiter)) {
      RuntimeException cancelled = me.cancelled();
      leaveGap(number, me, (CancellationException) cancelled);
      throw cancelled;
    }
    if (waiter.take() instanceof Gap earlier) {
      throw earlier.exception(label(), number);
    }
  }

  /// Registers who takes a step.
  ///
  /// @return where it waits, or null if it is its turn
  private @Nullable Waiter take(int number, Party me) {
    guard();
    try {
      if (holder == me) {
        throw new IllegalStateException(
            me + " is in step " + turn + " of " + label() + " and cannot wait there for " + number);
      }
      Party before = takers.get(number);
      if (before != null) {
        throw new IllegalStateException(
            "step %d of %s is taken twice: by %s and by %s".formatted(number, label(), before, me));
      }
      takers.put(number, me);
      Gap earlier = gap;
      if (earlier != null && earlier.number < number) {
        throw earlier.exception(label(), number);
      }
      if (number == turn) {
        holder = me;
        return null;
      }
      Waiter waiter = me.begin(new Turn(this, number), number);
      queue.add(waiter);
      return waiter;
    } finally {
      unguard();
    }
  }

  private void passOn() {
    List<Waiter> next;
    guard();
    try {
      Integer number = ++turn;
      next = queue.handAllIf(waiter -> number.equals(waiter.item()), null);
      holder = next.isEmpty() ? null : next.getFirst().party();
    } finally {
      unguard();
    }
    next.forEach(Waiter::wake);
  }

  private void leaveGap(int number, Party me, CancellationException cause) {
    List<Waiter> later;
    guard();
    try {
      takers.putIfAbsent(number, me);
      if (gap == null || number < gap.number) {
        gap = new Gap(number, me.toString(), cause);
      }
      later = queue.handAllIf(waiter -> waiter.item() instanceof Integer n && n > number, gap);
    } finally {
      unguard();
    }
    later.forEach(Waiter::wake);
  }

  private String label() {
    return name == null ? "sequencer@" + number() : "sequencer " + name;
  }

  @Override
  public String toString() {
    guard();
    try {
      return label() + ", " + state() + waiting();
    } finally {
      unguard();
    }
  }

  private String state() {
    if (holder != null) {
      return "in step " + turn + " (" + holder + ")";
    }
    if (gap != null && gap.number == turn) {
      return "stopped: step " + turn + " was cancelled (" + gap.taker + ")";
    }
    return "step " + turn + " has not been taken";
  }

  private String waiting() {
    String all =
        takers.entrySet().stream()
            .filter(taker -> taker.getKey() > turn)
            .map(taker -> taker.getKey() + " (" + taker.getValue() + ")")
            .collect(Collectors.joining(", "));
    return all.isEmpty() ? "" : "; taken: " + all;
  }
}
