package dev.thrum;

import dev.thrum.internal.SignalHandlers;
import org.jspecify.annotations.Nullable;

/// Ctrl-C for the time of one run: the first cancels the main task, the second halts the JVM. Of
/// several runs the one that began last gets it.
///
/// In a JVM without signals, or one that leaves them alone (`-Xrs`), Ctrl-C does what it always
/// did.
final class CtrlCHandler implements AutoCloseable {
  private static final int HALTED = 130;

  private final LoopImpl loop;
  private SignalHandlers.@Nullable Registration registration;
  private boolean pressed;

  private CtrlCHandler(LoopImpl loop) {
    this.loop = loop;
  }

  static CtrlCHandler install(Runner.CtrlC choice, LoopImpl loop) {
    CtrlCHandler handler = new CtrlCHandler(loop);
    boolean wanted =
        switch (choice) {
          case ALWAYS -> true;
          case NEVER -> false;
          case ON_MAIN_THREAD -> isMainThread(Thread.currentThread());
        };
    if (wanted) {
      handler.register();
    }
    return handler;
  }

  private static boolean isMainThread(Thread caller) {
    ThreadGroup group = caller.getThreadGroup();
    return caller.getName().equals("main") && group != null && group.getName().equals("main");
  }

  private void register() {
    try {
      registration = SignalHandlers.add("INT", this::pressed);
    } catch (IllegalArgumentException | UnsupportedOperationException _) {
      // This JVM has no signals for us.
    }
  }

  private synchronized void pressed() {
    if (pressed) {
      Runtime.getRuntime().halt(HALTED);
    }
    pressed = true;
    loop.cancelMain(Runner.CTRL_C_REASON);
  }

  @Override
  public void close() {
    if (registration != null) {
      registration.close();
    }
  }
}
