package dev.thrum.programs;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.now;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeoutOr;
import static dev.thrum.programs.Program.check;
import static dev.thrum.programs.Program.failsInFifo;
import static dev.thrum.programs.Program.passesInFifo;
import static java.time.Duration.ofMillis;

import dev.thrum.CancelledException;
import dev.thrum.channel.Channel;
import dev.thrum.sync.Event;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something comes just when the time for it is over.
final class Timeouts {
  static final List<Program> ALL =
      List.of(
          failsInFifo("queue_timeout_loses_item", "timeout", Timeouts::queueTimeoutLosesItem),
          failsInFifo("philosopher_gives_up", "timeout", Timeouts::philosopherGivesUp),
          passesInFifo("retry_submits_twice", "timeout", Timeouts::retrySubmitsTwice),
          passesInFifo("two_leaders", "timeout", Timeouts::twoLeaders),
          passesInFifo("late_heartbeat", "timeout", Timeouts::lateHeartbeat),
          failsInFifo("completed_twice", "timeout", Timeouts::completedTwice));

  private Timeouts() {}

  /// A producer hands an item to a getter whose time is over but who does not know it yet.
  private static void queueTimeoutLosesItem(boolean mended) {
    final class Getter {
      final Event handed = Event.create();
      @Nullable Integer item;
    }
    var queue =
        new Object() {
          final Deque<Integer> items = new ArrayDeque<>();
          final Deque<Getter> getters = new ArrayDeque<>();
          int received;

          void get() {
            if (items.poll() == null) {
              var getter = new Getter();
              getters.add(getter);
              try {
                getter.handed.await();
              } catch (CancelledException cancelled) {
                getters.remove(getter);
                if (mended && getter.item != null) {
                  put(getter.item);
                }
                throw cancelled;
              }
            }
            received++;
          }

          void put(Integer item) {
            var getter = getters.poll();
            if (getter == null) {
              items.add(item);
            } else {
              getter.item = item;
              getter.handed.set();
            }
          }
        };
    gather(
        () -> {
          sleep(ofMillis(10));
          queue.put(1);
        },
        () ->
            timeoutOr(
                ofMillis(10),
                "nothing",
                () -> {
                  queue.get();
                  return "an item";
                }));
    check(queue.received + queue.items.size() == 1, "an item is received or still there");
  }

  /// Who does not get the second fork in time goes away, and keeps the first one.
  private static void philosopherGivesUp(boolean mended) {
    var left = new BargingLock();
    var right = new BargingLock();
    gather(() -> dine(left, right, mended), () -> dine(right, left, mended));
    left.around(() -> right.around(() -> {}));
  }

  private static void dine(BargingLock first, BargingLock second, boolean mended) {
    first.lock();
    boolean both =
        timeoutOr(
            ofMillis(1),
            false,
            () -> {
              second.lock();
              return true;
            });
    if (both) {
      second.unlock();
    }
    if (both || mended) {
      first.unlock();
    }
  }

  /// A client sends its order again when no answer came in time, though the server had it; mended,
  /// the server knows it by its name.
  private static void retrySubmitsTwice(boolean mended) {
    record Order(String name, Event reply) {}
    Channel<Order> orders = Channel.unlimited();
    var filled = new ArrayList<String>();
    gather(
        () -> {
          for (Order order : orders) {
            sleep(ofMillis(6));
            if (!mended || !filled.contains(order.name())) {
              filled.add(order.name());
            }
            order.reply().set();
          }
        },
        () -> {
          scope(clients -> {
            clients.async(() -> {
              boolean answered = false;
              while (!answered) {
                var reply = Event.create();
                orders.send(new Order("impatient", reply));
                answered =
                    timeoutOr(
                        ofMillis(10),
                        false,
                        () -> {
                          reply.await();
                          return true;
                        });
              }
            });
            clients.async(() -> {
              var reply = Event.create();
              orders.send(new Order("patient", reply));
              reply.await();
            });
          });
          orders.close();
        });
    check(Collections.frequency(filled, "impatient") == 1, "an order is filled once");
  }

  /// A lease runs out when it is to be renewed, another one takes it, and the old leader goes on.
  private static void twoLeaders(boolean mended) {
    var lease =
        new Object() {
          String holder = "ada";
          Instant until = now().plusMillis(10);

          void renew(String node) {
            if (!mended || holder.equals(node)) {
              until = now().plusMillis(10);
              lead(node);
            }
          }

          void takeIfOver(String node) {
            if (!until.isAfter(now())) {
              holder = node;
              until = now().plusMillis(10);
              lead(node);
            }
          }

          private void lead(String node) {
            check(holder.equals(node), "only the holder of the lease leads");
          }
        };
    gather(
        () -> {
          sleep(ofMillis(10));
          lease.renew("ada");
        },
        () -> {
          sleep(ofMillis(10));
          lease.takeIfOver("bob");
        });
  }

  /// Whether a heartbeat has come is looked up at the very instant at which it is due; mended, half
  /// a beat later.
  private static void lateHeartbeat(boolean mended) {
    var peer =
        new Object() {
          int beats;
        };
    gather(
        () -> {
          for (int beat = 1; beat <= 2; beat++) {
            sleep(ofMillis(10));
            peer.beats++;
          }
        },
        () -> {
          if (mended) {
            sleep(ofMillis(5));
          }
          for (int beat = 1; beat <= 2; beat++) {
            sleep(ofMillis(10));
            check(peer.beats >= beat, "who is alive is not declared dead");
          }
        });
  }

  /// The reply and the timer both find a request open, and both complete it.
  private static void completedTwice(boolean mended) {
    var request =
        new Object() {
          boolean done;
          int completions;

          void complete() {
            sleep(ofMillis(10));
            if (!done) {
              done = mended;
              checkpoint();
              done = true;
              completions++;
            }
          }
        };
    gather(() -> request.complete(), () -> request.complete());
    check(request.completions == 1, "a request is completed once");
  }
}
