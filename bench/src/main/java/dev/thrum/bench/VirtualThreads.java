package dev.thrum.bench;

/// Virtual threads on the JDK's own scheduler.
public final class VirtualThreads extends ThreadPeer {
  @Override
  Thread start(Runnable body) {
    return Thread.startVirtualThread(body);
  }
}
