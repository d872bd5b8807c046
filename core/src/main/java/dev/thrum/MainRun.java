package dev.thrum;

import java.io.IOException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// One run of a main task on the calling platform thread, with what can cancel it from outside.
final class MainRun {
  private MainRun() {}

  static <T extends @Nullable Object> T run(RunnerOptions options, VoidBody<?> body) {
    LoopImpl loop = new LoopImpl(options);
    InterruptWatch watch = new InterruptWatch(loop);
    TaskImpl<T> main;
    watch.start();
    loop.afterPoll = watch::startAgain;
    try (var _ = CtrlCHandler.install(options.ctrlC(), loop)) {
      main = loop.runMain(body);
    } finally {
      loop.cleanUp();
      watch.stop();
    }
    return outcome(main);
  }

  private static <T extends @Nullable Object> T outcome(TaskImpl<T> main) {
    if (main.state() != Future.State.CANCELLED) {
      return main.outcome().get();
    }
    Throwable ended = main.failure();
    CancellationException plain = new CancellationException(ended.getMessage());
    plain.initCause(ended);
    throw plain;
  }

  /// Notices that somebody interrupts the thread that called `run`.
  ///
  /// While a task runs on that thread, the JDK takes the thread's interrupt status for the task's
  /// and clears it, so that looking at it loses interrupts. What the JDK calls for certain is the
  /// channel that a thread is in: this is one, entered for the whole run.
  private static final class InterruptWatch extends AbstractInterruptibleChannel {
    private final LoopImpl loop;
    private volatile boolean interrupted;

    InterruptWatch(LoopImpl loop) {
      this.loop = loop;
    }

    void start() {
      begin();
    }

    /// A selector that the thread has waited in is a channel too, and has taken this one's place.
    void startAgain() {
      if (isOpen()) {
        begin();
      }
    }

    void stop() {
      try {
        end(true);
      } catch (IOException _) {
        interrupted = true;
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    protected void implCloseChannel() {
      interrupted = true;
      loop.cancelMain("the thread that called run was interrupted");
    }
  }
}
