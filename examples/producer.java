/// Background tasks work for the task that started them and end with it: nobody has to stop them.
///
/// A clock ticks as long as there is work. A flaky sensor fails after every second reading and is
/// started again by a `Restart` policy. Prints three jobs with the ticks between them, the sensor's
/// failures and readings, and last "clock stopped": it is cancelled when the jobs are done.
import static dev.thrum.Async.*;
import static java.time.Duration.*;

import dev.thrum.Restart;

/// Written by one task, read by another: tasks of one loop take turns, so it needs no lock.
final List<Integer> readings = new ArrayList<>();

void clock() {
  try {
    for (int second = 1; ; second++) {
      sleep(ofMillis(100));
      IO.println("tick " + second);
    }
  } finally {
    IO.println("clock stopped");
  }
}

void sensor() throws IOException {
  IO.println("sensor started");
  for (int i = 0; i < 2; i++) {
    sleep(ofMillis(30));
    readings.add(20 + readings.size());
  }
  throw new IOException("sensor unplugged");
}

void main() {
  run(() -> {
    background(() -> clock());
    background(Restart.onFailure().pause(ofMillis(20), ofMillis(80)), () -> sensor());
    for (int job = 1; job <= 3; job++) {
      sleep(ofMillis(150));
      IO.println("job " + job + " done, last reading " + readings.getLast());
    }
  });
}
