/// A pool of workers behind a bounded queue: `workers.java [JOBS]`.
///
/// Two producers have more work than four workers can do at once. The queue has room for eight
/// jobs, so the producers are held back to the pace of the workers. When all is put in, the queue
/// is shut down, the workers do the rest and end. Ctrl-C ends it early: jobs in hand are finished,
/// those in the queue are not begun.
///
/// Shows its progress on the standard error output, and prints last how many jobs were done, how
/// many were not begun, and whether the producers had to wait. The exit code is 130 after Ctrl-C.
import static dev.thrum.Async.*;
import static java.time.Duration.*;

import dev.thrum.channel.WorkQueue;

static final int WORKERS = 4;

final WorkQueue<Integer> queue = WorkQueue.create(8);
final boolean isTerminal = System.console() != null && System.console().isTerminal();
int done;
Duration waited = ZERO;

void produce(int jobs) {
  for (int job = 1; job <= jobs; job++) {
    var began = now();
    queue.put(job);
    waited = waited.plus(between(began, now()));
  }
}

/// Cancellation waits outside the shield until the job is done, but not for ever.
void work() {
  queue.work(job -> shield(ofSeconds(1), () -> finish(job)));
}

void finish(int job) {
  sleep(ofMillis(10 + job % 3 * 5));
  done++;
}

/// One line that is written over and over on a terminal, and line after line elsewhere.
void showProgress() {
  while (true) {
    var line = "%,d jobs done, %d in the queue".formatted(done, queue.size());
    System.err.print(isTerminal ? "\r" + line + "\033[K" : line + "\n");
    sleep(ofMillis(100));
  }
}

void report() {
  System.err.print(isTerminal ? "\r\033[K" : "");
  IO.println("%,d jobs done, %d not begun".formatted(done, queue.size()));
  IO.println("the producers " + (waited.toMillis() > 0 ? "had to wait" : "never waited"));
}

int jobsFrom(String[] args) {
  if (args.length == 0) {
    return 100;
  }
  if (args.length > 1 || !args[0].matches("\\d{1,9}")) {
    System.err.println(
        "usage: workers.java [JOBS], how many jobs to do: a number, not " + List.of(args));
    System.exit(2);
  }
  return Integer.parseInt(args[0]);
}

void main(String... args) {
  int jobs = jobsFrom(args);
  try {
    run(() -> {
      background(() -> showProgress());
      scope(pool -> {
        for (int i = 1; i <= WORKERS; i++) {
          pool.async("worker " + i, () -> work());
        }
        gather(() -> produce(jobs / 2), () -> produce(jobs - jobs / 2));
        queue.shutdown();
      });
    });
    report();
  } catch (CancellationException _) {
    report();
    System.exit(130);
  }
}
