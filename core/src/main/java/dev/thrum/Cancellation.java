package dev.thrum;

import dev.thrum.internal.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One request to cancel a scope: the first one wins, and everything inside sees this same object.
///
/// @param reason for people: who asked and why
/// @param requested in debug mode, the stack that asked for it
record Cancellation(String reason, @Nullable Throwable requested) {

  static Cancellation because(LoopImpl loop, String reason) {
    return new Cancellation(reason, loop.debugStack("cancellation was requested here"));
  }

  static Cancellation failed(LoopImpl loop, String who, Throwable failure) {
    return new Cancellation(
        who + " failed: " + failure, loop.debugStack("the failure arrived here"));
  }

  static Cancellation timedOut(Duration after) {
    return new Cancellation("timed out after " + Durations.readable(after), null);
  }
}
