package dev.thrum.internal.wait;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Who waits for one thing, first come, first served. Touched under the guard of that thing.
///
/// Somebody who has been cancelled, or whom another clause of a select has served, may still stand
/// here until it runs again; the queue passes over it.
public final class WaitQueue {
  private @Nullable Waiter first;
  private @Nullable Waiter last;
  private int size;

  /// An empty queue.
  public WaitQueue() {}

  /// Appends.
  ///
  /// @param waiter one that is in no queue
  public void add(Waiter waiter) {
    Waiter before = last;
    waiter.previous = before;
    waiter.queued = true;
    if (before == null) {
      first = waiter;
    } else {
      before.next = waiter;
    }
    last = waiter;
    size++;
  }

  /// Takes the first one that can still be served and decides that it is: the caller must hand it
  /// something.
  ///
  /// @return who has waited longest, or null
  public @Nullable Waiter poll() {
    Waiter waiter = first;
    while (waiter != null) {
      unlink(waiter);
      if (waiter.claim()) {
        return waiter;
      }
      waiter = first;
    }
    return null;
  }

  /// Takes all who can still be served and hands each the same. They are to be woken in order,
  /// outside the guard.
  ///
  /// @param value what each gets, or null
  /// @return who was served
  public List<Waiter> handAll(@Nullable Object value) {
    return first == null ? List.of() : handAllIf(_ -> true, value);
  }

  /// As [#handAll], but only those who meet a condition.
  ///
  /// @param which which ones
  /// @param value what each gets, or null
  /// @return who was served
  public List<Waiter> handAllIf(Predicate<Waiter> which, @Nullable Object value) {
    List<Waiter> served = new ArrayList<>(size);
    Waiter waiter = first;
    while (waiter != null) {
      Waiter after = waiter.next;
      if (which.test(waiter)) {
        unlink(waiter);
        if (waiter.claim()) {
          waiter.hand(value);
          served.add(waiter);
        }
      }
      waiter = after;
    }
    return served;
  }

  /// How many can still be served. Takes out the others.
  ///
  /// @return their number
  public int waiting() {
    Waiter waiter = first;
    while (waiter != null) {
      Waiter after = waiter.next;
      if (!waiter.canBeServed()) {
        unlink(waiter);
      }
      waiter = after;
    }
    return size;
  }

  /// The first one that can still be served; it is not decided yet. Takes out those before it.
  ///
  /// @return who has waited longest, or null
  public @Nullable Waiter peek() {
    Waiter waiter = first;
    while (waiter != null && !waiter.canBeServed()) {
      unlink(waiter);
      waiter = first;
    }
    return waiter;
  }

  /// Takes one out and decides that it is served: the caller must hand it something.
  ///
  /// @param waiter the one that [#peek()] showed
  /// @return false if it has left in the meantime
  public boolean claim(Waiter waiter) {
    unlink(waiter);
    return waiter.claim();
  }

  /// Takes one out whose wait is over; harmless if it is not here.
  ///
  /// @param waiter a waiter of this queue or of none
  public void remove(Waiter waiter) {
    if (waiter.queued) {
      unlink(waiter);
    }
  }

  /// Whether nobody stands here, not even one that has left.
  ///
  /// @return true if it is empty
  public boolean isEmpty() {
    return first == null;
  }

  /// How many stand here, with those that have left and not yet gone.
  ///
  /// @return the length
  public int size() {
    return size;
  }

  private void unlink(Waiter waiter) {
    Waiter before = waiter.previous;
    Waiter after = waiter.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    waiter.previous = null;
    waiter.next = null;
    waiter.queued = false;
    size--;
  }
}
