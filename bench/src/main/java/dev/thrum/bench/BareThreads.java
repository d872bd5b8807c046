package dev.thrum.bench;

/// Virtual threads on a bare one-thread scheduler: the floor of a loop made of virtual threads.
public final class BareThreads extends ThreadPeer {
  private final BareLoop loop = BareLoop.start();

  @Override
  Thread start(Runnable body) {
    return loop.startVirtualThread(body);
  }
}
