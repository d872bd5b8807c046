package dev.thrum.internal.engine;

import org.jspecify.annotations.Nullable;

/// Makes the fibers of one loop.
public sealed interface Engine permits ConfinedEngine, PortableEngine {

  /// A fiber that does nothing until it is started.
  ///
  /// @param owner what [#currentOwner()] answers inside the fiber
  /// @param name the thread's name, or null for none
  /// @param body what it runs
  /// @return the new fiber
  Fiber fiber(Object owner, @Nullable String name, Runnable body);

  /// Waits until the loop is with its own thread again. By that thread, after a step.
  void awaitTurn();

  /// Whether fibers run on the loop's own thread.
  ///
  /// @return true for the confined engine
  boolean isConfined();

  /// The name for people: `confined` or `portable`.
  ///
  /// @return the name
  String name();

  /// The engine whose fibers are virtual threads that the loop itself schedules.
  ///
  /// @param carrier the loop
  /// @return the engine of this loop
  static Engine confined(Carrier carrier) {
    return new ConfinedEngine(carrier);
  }

  /// The engine whose fibers are ordinary virtual threads that pass a baton.
  ///
  /// @param carrier the loop
  /// @return the engine of this loop
  static Engine portable(Carrier carrier) {
    return new PortableEngine(carrier);
  }

  /// Whether this JVM opens what the confined engine needs.
  ///
  /// @return true if [#confined] can be used
  static boolean confinedIsAvailable() {
    return Loom.AVAILABLE;
  }

  /// The owner of the fiber that the calling thread is.
  ///
  /// @return the owner, or null on any other thread
  static @Nullable Object currentOwner() {
    Thread thread = Thread.currentThread();
    if (!thread.isVirtual()) {
      return null;
    }
    Object owner = Loom.AVAILABLE ? ConfinedFiber.ownerOf(thread) : null;
    return owner != null ? owner : PortableFiber.currentOwner();
  }

  /// A virtual thread on the JDK's own scheduler, also when the caller runs inside a fiber.
  ///
  /// @param name the thread's name
  /// @param body what it runs
  /// @return the thread, not started
  static Thread outsideThread(String name, Runnable body) {
    return Loom.AVAILABLE
        ? Loom.newVirtualThread(Loom.DEFAULT_SCHEDULER, name, body)
        : Thread.ofVirtual().name(name).unstarted(body);
  }
}
