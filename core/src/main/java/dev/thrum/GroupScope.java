package dev.thrum;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The scopes of `scope`, `supervise`, `settle` and `race`, which differ in what a failed child
/// means.
final class GroupScope extends ScopeImpl {

  /// What a failed child means.
  enum Policy {
    FAIL_FAST,
    SUPERVISE,
    SETTLE,
    RACE
  }

  private final Policy policy;
  private final boolean valued;
  private final @Nullable ExceptionHandler handler;

  GroupScope(TaskImpl<?> host, Policy policy, boolean valued, @Nullable ExceptionHandler handler) {
    super(host);
    this.policy = policy;
    this.valued = valued;
    this.handler = handler;
  }

  static GroupScope failFast(TaskImpl<?> host, boolean valued) {
    return new GroupScope(host, Policy.FAIL_FAST, valued, null);
  }

  static GroupScope supervisor(
      TaskImpl<?> host, boolean valued, @Nullable ExceptionHandler handler) {
    return new GroupScope(host, Policy.SUPERVISE, valued, handler);
  }

  @Override
  boolean childFailed(TaskImpl<?> child, Throwable exception, boolean daemon, boolean delivered) {
    switch (policy) {
      case FAIL_FAST -> fail(exception, "child " + child.name());
      case SUPERVISE -> loop.report(handler, child, exception);
      case SETTLE -> {}
      case RACE -> {
        if (effective != null) {
          loop.report(child, exception);
        }
      }
    }
    return false;
  }

  @Override
  boolean joinsAll() {
    return policy != Policy.RACE || effective != null;
  }

  @Override
  void reportLate(TaskImpl<?> child, Throwable exception) {
    loop.report(handler, child, exception);
  }

  @Override
  @Nullable Throwable endedByOwn(CancelledException ended, boolean bodyStopped) {
    return endedOnRequest(ended, bodyStopped, valued);
  }

  @Override
  String kind() {
    return switch (policy) {
      case FAIL_FAST -> "scope";
      case SUPERVISE -> "supervise";
      case SETTLE -> "settle";
      case RACE -> "race";
    };
  }

  @Override
  public String toString() {
    return "the end of the children of a "
        + Objects.toString(policy).toLowerCase(java.util.Locale.ROOT)
        + " scope of "
        + host.name();
  }
}
