package dev.thrum.bench;

/// Threads of the operating system.
public final class PlatformThreads extends ThreadPeer {
  @Override
  Thread start(Runnable body) {
    return Thread.ofPlatform().start(body);
  }
}
