package dev.thrum.web;

import dev.thrum.Async;
import dev.thrum.Scope;
import dev.thrum.VoidBody;
import dev.thrum.sync.Event;
import dev.thrum.web.internal.Journal;
import java.time.Duration;
import java.util.List;

/// An application at work on a loop: what runs after responses is its.
///
/// A keeper task holds the scope of that work behind a shield, so that the work outlives a
/// cancellation of the server for as long as the grace says.
final class Running {
  private final Scope tasks;

  private Running(Scope tasks) {
    this.tasks = tasks;
  }

  /// What happens while it is at work.
  @FunctionalInterface
  interface During {
    void run(Running running) throws Exception;
  }

  static void around(Duration grace, During body) throws Exception {
    Event ended = Event.create("end of the application");
    Async.<Exception>scope(scope -> {
      Scope tasks =
          scope.start(started ->
              Async.shield(() ->
                  Async.supervise(
                      (task, failure) -> Journal.error(task.name() + " failed", failure),
                      work -> {
                        started.set(work);
                        ended.await();
                        work.background(() -> {
                          Async.sleep(grace);
                          work.cancel("the grace of the application is over");
                        });
                      })));
      try {
        body.run(new Running(tasks));
      } finally {
        ended.set();
      }
    });
  }

  /// @param request what logs call the request, which need not be kept for that
  void after(String request, String id, List<VoidBody<?>> bodies) {
    tasks.async("after " + request, () -> runAll(request, id, bodies));
  }

  static void runAll(String request, String id, List<VoidBody<?>> bodies) throws Exception {
    for (VoidBody<?> one : bodies) {
      try {
        one.run();
      } catch (Throwable e) {
        if (e instanceof Exception ended && Errors.isCancellation(ended)) {
          throw ended;
        }
        Journal.error("what came after " + request + " failed, id " + id, e);
      }
    }
  }
}
