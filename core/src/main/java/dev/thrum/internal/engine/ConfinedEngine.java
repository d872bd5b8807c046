package dev.thrum.internal.engine;

import org.jspecify.annotations.Nullable;

/// Tasks are virtual threads whose scheduler is the loop: they run on the loop's own thread, and
/// every wake-up, the JDK's own included, comes back to the loop.
record ConfinedEngine(Carrier carrier) implements Engine {

  @Override
  public Fiber fiber(Object owner, @Nullable String name, Runnable body) {
    return new ConfinedFiber(carrier, owner, name, body);
  }

  @Override
  public void awaitTurn() {
    // A step runs on the loop's own thread.
  }

  @Override
  public boolean isConfined() {
    return true;
  }

  @Override
  public String name() {
    return "confined";
  }
}
