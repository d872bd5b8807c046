package dev.thrum.programs;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeoutOr;
import static dev.thrum.programs.Program.check;
import static dev.thrum.programs.Program.failsInFifo;
import static dev.thrum.programs.Program.passesInFifo;
import static java.time.Duration.ofMillis;

import dev.thrum.CancelledException;
import dev.thrum.channel.Channel;
import dev.thrum.programs.RealBugsInAsyncio.WakeUp;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Mistakes that clients of servers and databases made, in small models of them.
final class RealBugsInClients {
  static final List<Program> ALL =
      List.of(
          failsInFifo("aiohttp_connector_9670", "timeout", RealBugsInClients::connector),
          passesInFifo("redis_py_2624", "cancellation", RealBugsInClients::pipeline),
          failsInFifo("aiopg_pool_113", "deadlock", RealBugsInClients::nestedAcquire));

  private RealBugsInClients() {}

  /// aiohttp, issue 9670, "deadlock with TCPConnector limit after timeout": a slot becomes free and
  /// wakes one whose time is over; that one leaves and wakes nobody, and the slot stays free.
  private static void connector(boolean mended) {
    var connector =
        new Object() {
          final Deque<WakeUp> waiters = new ArrayDeque<>();
          int inUse;

          void connect() {
            while (inUse == 1) {
              var wakeUp = new WakeUp();
              waiters.add(wakeUp);
              try {
                wakeUp.await();
              } catch (CancelledException cancelled) {
                if (!waiters.remove(wakeUp) && mended) {
                  wakeOne();
                }
                throw cancelled;
              }
            }
            inUse++;
          }

          void release() {
            inUse--;
            wakeOne();
          }

          private void wakeOne() {
            var first = waiters.poll();
            if (first != null) {
              first.set();
            }
          }

          String fetch() {
            connect();
            try {
              sleep(ofMillis(10));
              return "page";
            } finally {
              release();
            }
          }
        };
    gather(
        () -> connector.fetch(),
        () -> timeoutOr(ofMillis(10), "nothing", () -> connector.fetch()),
        () -> connector.fetch());
  }

  /// redis-py, issue 2624, "Off by 1 - Canceling async Redis command leaves connection open, in
  /// unsafe state for future commands" (CVE-2023-28858; 2665 and CVE-2023-28859 for what the first
  /// mending left): the reply to a command that was cancelled after it was sent is taken for the
  /// reply to the next one. Mended, the connection is given up then.
  private static void pipeline(boolean mended) {
    record Request(String command, Channel<String> replies) {}
    Channel<Request> requests = Channel.unlimited();
    var client =
        new Object() {
          final BargingLock lock = new BargingLock();
          Channel<String> replies = Channel.unlimited();

          String call(String command) {
            lock.lock();
            try {
              requests.send(new Request(command, replies));
              return replies.receive();
            } catch (CancelledException cancelled) {
              if (mended) {
                replies = Channel.unlimited();
              }
              throw cancelled;
            } finally {
              lock.unlock();
            }
          }
        };
    gather(
        () -> {
          for (Request request : requests) {
            checkpoint();
            request.replies().send("reply to " + request.command());
          }
        },
        () -> {
          scope(s -> {
            var victim = s.async(() -> client.call("GET foo"));
            checkpoint();
            victim.cancel("the user has left");
            String reply = client.call("GET bar");
            check(reply.equals("reply to GET bar"), "a reply belongs to its command");
          });
          requests.close();
        });
  }

  /// aiopg, issue 113, "Can't acquire connection from pool": each task has a connection, and takes
  /// another one for every row of its result. Mended, it uses the one it has.
  private static void nestedAcquire(boolean mended) {
    var pool = new BargingSemaphore(2);
    Runnable insert = () -> checkpoint();
    Runnable onRow = mended ? insert : () -> with(pool, insert);
    gather(() -> with(pool, onRow), () -> with(pool, onRow));
  }

  private static void with(BargingSemaphore pool, Runnable query) {
    pool.acquire();
    try {
      query.run();
    } finally {
      pool.release();
    }
  }
}
