package dev.thrum.internal.wait;

import dev.thrum.internal.engine.Engine;
import org.jspecify.annotations.Nullable;

/// Who waits and who holds: a task, or a plain thread.
///
/// **The wait.** An operation calls [#enter()], does what it came for under the guard of the thing
/// if that is possible now, and then calls [#passed()]. If it has to wait, it [#begin]s its waiter,
/// queues it and leaves the guard, and calls [#await]. True means that somebody handed it what it
/// wanted: [Waiter#take()] it. False means that it is cancelled: under the guard once more, if the
/// waiter is not done, take it out of the queue and throw [#cancelled()]; if it is done after all,
/// what was handed over beats the cancellation and is returned.
///
/// ```java
/// Party me = Party.current();
/// me.enter();
/// Waiter waiter;
/// guard();
/// try {
///   if (free) { free = false; … return after me.passed(); }
///   waiter = me.begin(this, null);
///   queue.add(waiter);
/// } finally { unguard(); }
/// if (!me.await(waiter) && !leave(waiter)) throw me.cancelled();
/// Object handed = waiter.take();
/// ```
public interface Party {

  /// The caller: the running task, else its thread.
  ///
  /// @return the party
  static Party current() {
    return Engine.currentOwner() instanceof Party task ? task : ThreadParty.current();
  }

  /// To be called first by everything that can wait.
  ///
  /// @throws java.util.concurrent.CancellationException if the party is cancelled
  void enter();

  /// To be called at its end by an operation that did not need to wait; a task may yield here. It
  /// never throws: what was done is done.
  void passed();

  /// Begins a wait. Under the guard, before the waiter is queued.
  ///
  /// @param on what it waits for
  /// @param offered what it brings with it, or null
  /// @return the party's own node
  Waiter begin(Object on, @Nullable Object offered);

  /// The party's own node, which its wait has begun.
  ///
  /// @return the node
  Waiter waiter();

  /// Waits until a waiter is done.
  ///
  /// @param waiter one of its own, begun and queued
  /// @return false if the party was cancelled first
  boolean await(Waiter waiter);

  /// Waits until a waiter is done or a time is over.
  ///
  /// @param waiter one of its own, begun and queued
  /// @param nanos how long
  /// @return false if the party was cancelled or the time was over; [#mustLeave()] tells which
  boolean await(Waiter waiter, long nanos);

  /// Waits until a waiter is done, whatever cancellation comes.
  ///
  /// @param waiter one of its own, begun and queued
  void awaitMasked(Waiter waiter);

  /// Says that until [#outsideEnds()] it waits for something that no loop brings about, such as a
  /// program or a file: a loop's time must not jump meanwhile, and nobody may call it a deadlock.
  void outsideBegins();

  /// Ends what [#outsideBegins()] began.
  void outsideEnds();

  /// Whether a suspension point would throw now.
  ///
  /// @return true if it is cancelled
  boolean mustLeave();

  /// What to throw when [#mustLeave()].
  ///
  /// @return the exception
  RuntimeException cancelled();

  /// Lets it look at its waiter again. From any thread, outside any guard; harmless if it comes too
  /// late.
  ///
  /// @param on what the waiter waits for
  void wakeFor(Object on);

  /// Whether its wait has been ended by a cancellation or by time, so that it must not be served.
  /// Exact for tasks of the caller's loop; of others it is false.
  ///
  /// @return true if it will leave
  boolean hasLeft();

  /// A choice among several that are as good.
  ///
  /// @param bound how many there are
  /// @return a number from 0 to below that
  int choose(int bound);

  /// The clock it lives by.
  ///
  /// @return nanoseconds, of an arbitrary origin
  long nanoTime();

  /// Notes that it holds something, so that its end can be noticed.
  ///
  /// @param lock what it holds from now on
  void holds(Held lock);

  /// Notes that it holds something no more.
  ///
  /// @param lock what it held
  void holdsNoMore(Held lock);

  /// Says that it is going to wait in a way that needs no waiter, so that a cycle through it is
  /// seen. To be called before the look for one, and with null after the wait.
  ///
  /// @param on a [Held], another party, or null
  void announce(@Nullable Object on);

  /// Has something done when its loop has ended, unless that is taken back. For a party without a
  /// loop nothing happens.
  ///
  /// @param action what to do, on the thread that ran the loop
  /// @return takes it back; from any thread
  Runnable atEndOfLoop(Runnable action);

  /// Whether debug mode is on for it.
  ///
  /// @return true if what it starts and opens is to be noted with where that was
  boolean debug();

  /// What it waits for that somebody has to bring about: a [Held], another party, or null.
  ///
  /// @return the wait, as far as the caller can know
  @Nullable Object waitsFor();

  /// Which of its waits it is in, or was in last.
  ///
  /// @return a number that is another one in each wait
  long waitNumber();

  /// Whether it has ended.
  ///
  /// @return true if it can give back nothing any more
  boolean isOver();

  /// Its name, for people.
  ///
  /// @return the name
  String name();
}
