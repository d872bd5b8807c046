package dev.thrum.process;

import dev.thrum.internal.DebugStack;
import dev.thrum.internal.process.Admission;
import dev.thrum.internal.process.Content;
import dev.thrum.internal.process.DeclaredTypes;
import dev.thrum.internal.process.Lenders;
import dev.thrum.internal.process.Packer;
import dev.thrum.internal.wait.Changing;
import dev.thrum.internal.wait.Party;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One body on its way through the pool: what is sent, who waits for it, and what came of it.
final class Call extends Changing {
  private static final int TRIES = 2;

  final Content head;
  final Content bytes;
  final ClassLoader loader;
  final Admission.Answer answer;

  /// Who has it. Under the pool's guard.
  @Nullable Worker worker;

  /// How often a child has been lost that it was sent to and that had not begun with it.
  private int lost;

  private final Party caller = Party.current();
  private final @Nullable DebugStack calledAt = DebugStack.ofCaller("it was called here");
  private boolean over;
  private @Nullable Object value;
  private @Nullable Throwable failure;

  private Call(Object body, Packer packed, Set<Class<?>> allowed) {
    super(true);
    Class<?> type = body.getClass();
    ClassLoader own = type.getClassLoader();
    this.loader = own == null ? ClassLoader.getSystemClassLoader() : own;
    this.head = Lenders.head(loader, packed.classes());
    this.bytes = packed.content();
    Set<Class<?>> told = new LinkedHashSet<>(allowed);
    told.addAll(packed.classes());
    this.answer = new Admission.Answer(type, DeclaredTypes.ofBody(type, packed.lambda()), told);
  }

  static Call of(Object body, Set<Class<?>> allowed) {
    try {
      return new Call(body, Packer.pack(body), allowed);
    } catch (IOException e) {
      throw new TransferException(
          "the body cannot be sent to a child JVM: " + e.getMessage(), e.getCause());
    }
  }

  /// Whether it may go to another child, since the first one had not begun with it.
  boolean mayTryAgain() {
    return ++lost < TRIES;
  }

  /// Its end. From any thread, once.
  void complete(@Nullable Object result, @Nullable Throwable thrown) {
    change(() -> {
      over = true;
      value = result;
      failure = thrown;
    });
  }

  /// Waits for its end.
  ///
  /// @return false if the caller was cancelled first
  boolean await() {
    return awaitOrLeave(() -> over);
  }

  /// Waits for its end, which is near.
  void awaitMasked() {
    awaitMasked(() -> over);
  }

  @Nullable Object value() {
    return value;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  /// The end of a message: whose body it is, and where it was called.
  String calledBy() {
    return ". The body is that of " + caller.name() + DebugStack.sentence("called", calledAt);
  }

  @Nullable DebugStack calledAt() {
    return calledAt;
  }

  @Override
  public String toString() {
    return "a child JVM";
  }
}
