package dev.thrum.web;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// The dependencies of a request that have been opened.
final class Opened {
  private static final Object OPENING = new Object();

  private final Request request;
  private final Map<Dependency<?>, Object> all = new HashMap<>();

  Opened(Request request) {
    this.request = request;
  }

  @SuppressWarnings("unchecked")
  <T> T get(Dependency<T> dependency) {
    Object known = all.putIfAbsent(Objects.requireNonNull(dependency, "dependency"), OPENING);
    if (known == OPENING) {
      throw new IllegalStateException("a dependency needs itself");
    }
    return known != null ? (T) known : open(dependency);
  }

  private <T> T open(Dependency<T> dependency) {
    boolean opened = false;
    try {
      Dependency<T> used = request.app().effective(dependency);
      T value = Objects.requireNonNull(used.open(request), "a dependency is null");
      AutoCloseable closer = used.closer(value);
      if (closer != null) {
        request.closeLater(closer);
      }
      all.put(dependency, value);
      opened = true;
      return value;
    } catch (Exception e) {
      throw dev.thrum.internal.Sneaky.sneak(e);
    } finally {
      if (!opened) {
        all.remove(dependency);
      }
    }
  }
}
