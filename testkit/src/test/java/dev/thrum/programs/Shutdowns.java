package dev.thrum.programs;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.programs.Program.check;
import static dev.thrum.programs.Program.passesInFifo;
import static dev.thrum.programs.Program.steps;

import dev.thrum.channel.Channel;
import java.util.List;

/// Something is closed while somebody is about to use it.
final class Shutdowns {
  static final List<Program> ALL =
      List.of(
          passesInFifo("shutdown_vs_acquire", "shutdown", Shutdowns::shutdownVsAcquire),
          passesInFifo("shutdown_loses_job", "shutdown", Shutdowns::shutdownLosesJob),
          passesInFifo("close_vs_send", "shutdown", Shutdowns::closeVsSend),
          passesInFifo("pill_overtakes", "shutdown", Shutdowns::pillOvertakes));

  private Shutdowns() {}

  /// Closing waits for those who use the pool, but not for those who have just seen it open.
  private static void shutdownVsAcquire(boolean mended) {
    var idle = new Sleepers();
    var pool =
        new Object() {
          boolean closed;
          boolean disposed;
          int inUse;

          void use() {
            if (closed) {
              return;
            }
            if (mended) {
              inUse++;
            }
            checkpoint();
            if (!mended) {
              inUse++;
            }
            check(!disposed, "what is used is not disposed of");
            checkpoint();
            inUse--;
            idle.wakeAll();
          }

          void close() {
            closed = true;
            while (inUse > 0) {
              idle.sleep();
            }
            disposed = true;
          }
        };
    gather(
        () -> pool.use(),
        () -> {
          steps(2);
          pool.close();
        });
  }

  /// A job is accepted while the pool is open and queued when its worker has gone.
  private static void shutdownLosesJob(boolean mended) {
    var changed = new Sleepers();
    var pool =
        new Object() {
          boolean closed;
          int queued;
          int accepted;
          int done;

          void submit() {
            if (mended) {
              checkpoint();
            }
            if (closed) {
              return;
            }
            if (!mended) {
              checkpoint();
            }
            accepted++;
            queued++;
            changed.wakeAll();
          }

          void work() {
            while (queued > 0 || !closed) {
              if (queued > 0) {
                queued--;
                checkpoint();
                done++;
              } else {
                changed.sleep();
              }
            }
          }

          void close() {
            closed = true;
            changed.wakeAll();
          }
        };
    gather(
        () -> {
          pool.submit();
          pool.submit();
        },
        () -> pool.work(),
        () -> {
          steps(3);
          pool.close();
        });
    check(pool.done == pool.accepted, "a job that was accepted is done");
  }

  /// A sender has seen a channel open, and sends when it is closed; mended, closing waits for it.
  private static void closeVsSend(boolean mended) {
    var jobs = Channel.<Integer>builder().unlimited().name("jobs").build();
    var sent = new Sleepers();
    var senders =
        new Object() {
          int sending;
        };
    gather(
        () -> {
          if (!jobs.isClosed()) {
            senders.sending++;
            checkpoint();
            jobs.send(1);
            senders.sending--;
            sent.wakeAll();
          }
        },
        () -> {
          steps(2);
          while (mended && senders.sending > 0) {
            sent.sleep();
          }
          jobs.close();
        },
        () -> {
          for (int _ : jobs) {
            checkpoint();
          }
        });
  }

  /// The worker ends at the first producer's last message, though another one still sends.
  private static void pillOvertakes(boolean mended) {
    int pill = 0;
    Channel<Integer> jobs = Channel.unlimited();
    var worker =
        new Object() {
          int done;

          void work() {
            int pills = 0;
            while (pills < (mended ? 2 : 1)) {
              if (jobs.receive() == pill) {
                pills++;
              } else {
                done++;
              }
            }
          }
        };
    gather(() -> produce(jobs, pill), () -> produce(jobs, pill), () -> worker.work());
    check(worker.done == 4, "each job is done");
  }

  private static void produce(Channel<Integer> jobs, int pill) {
    for (int job = 1; job <= 2; job++) {
      jobs.send(job);
      checkpoint();
    }
    jobs.send(pill);
  }
}
