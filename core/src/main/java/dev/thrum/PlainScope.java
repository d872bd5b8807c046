package dev.thrum;

import org.jspecify.annotations.Nullable;

/// A scope of an element or an attempt: children's failures go to who awaits them.
final class PlainScope extends ScopeImpl {

  PlainScope(TaskImpl<?> host) {
    super(host);
  }

  @Override
  @Nullable Throwable endedByOwn(CancelledException ended, boolean bodyStopped) {
    return ended;
  }

  @Override
  String kind() {
    return "attempt";
  }
}
