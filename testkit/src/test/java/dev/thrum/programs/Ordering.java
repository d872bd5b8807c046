package dev.thrum.programs;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.scope;
import static dev.thrum.programs.Program.check;
import static dev.thrum.programs.Program.failsInFifo;
import static dev.thrum.programs.Program.passesInFifo;
import static dev.thrum.programs.Program.steps;

import dev.thrum.sync.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One thing is to happen before another, and nothing sees to it.
final class Ordering {
  static final List<Program> ALL =
      List.of(
          passesInFifo("response_order", "order", Ordering::responseOrder),
          passesInFifo("sequence_overtakes", "order", Ordering::sequenceOvertakes),
          failsInFifo("latch_counted_early", "order", Ordering::latchCountedEarly),
          passesInFifo("handler_registered_late", "order", Ordering::handlerRegisteredLate));

  private Ordering() {}

  /// Requests of one connection are handled side by side, and answered in the order in which their
  /// handlers end; mended, each waits for the answer before its own.
  private static void responseOrder(boolean mended) {
    var responses = new ArrayList<Integer>();
    var sent = List.of(Event.create(), Event.create(), Event.create(), Event.create());
    sent.getFirst().set();
    scope(s -> {
      for (int i = 0; i < 3; i++) {
        int request = i;
        s.async(() -> {
          steps(2);
          if (mended) {
            sent.get(request).await();
          }
          responses.add(request);
          sent.get(request + 1).set();
        });
      }
    });
    check(responses.equals(List.of(0, 1, 2)), "responses come in the order of the requests");
  }

  /// A message gets its number, and another one with a higher number is sent before it.
  private static void sequenceOvertakes(boolean mended) {
    Guard guard = Guard.lockIf(mended);
    var stream =
        new Object() {
          int numbered;
          int sent;

          void send() {
            guard.around(() -> {
              numbered++;
              int number = numbered;
              checkpoint();
              sent++;
              check(number == sent, "messages are sent in the order of their numbers");
            });
          }
        };
    gather(() -> stream.send(), () -> stream.send());
  }

  /// A worker says that it is through, and only then puts down what it has found.
  private static void latchCountedEarly(boolean mended) {
    var allThrough = Event.create();
    var results = new ArrayList<Integer>();
    var latch =
        new Object() {
          int count = 2;

          void countDown() {
            count--;
            if (count == 0) {
              allThrough.set();
            }
          }
        };
    scope(s -> {
      for (int i = 0; i < 2; i++) {
        int found = i;
        s.async(() -> {
          if (!mended) {
            latch.countDown();
          }
          checkpoint();
          results.add(found);
          if (mended) {
            latch.countDown();
          }
        });
      }
      allThrough.await();
      check(results.size() == 2, "who is through has put down its result");
    });
  }

  /// A server accepts requests before it knows what to do with them.
  private static void handlerRegisteredLate(boolean mended) {
    var listening = Event.create();
    Map<String, Runnable> routes = new HashMap<>();
    gather(
        () -> {
          if (!mended) {
            listening.set();
          }
          checkpoint();
          routes.put("/", () -> {});
          listening.set();
        },
        () -> {
          listening.await();
          checkpoint();
          check(routes.containsKey("/"), "a request finds its handler");
        });
  }
}
