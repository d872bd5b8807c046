package dev.thrum.net;

/// The front door: connect, listen, resolve.
public final class Net {
  private Net() {}
}
