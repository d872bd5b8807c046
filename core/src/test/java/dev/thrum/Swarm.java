package dev.thrum;

import static dev.thrum.Async.background;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static java.time.Duration.ofNanos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Tasks of several loops and plain threads that use the same things at once, and somebody on each
/// loop and beside them who cancels what they do at random moments.
///
/// Nothing hangs: when nobody gets on for a while, the round fails and tells what each one waits
/// for.
final class Swarm {
  private static final Runner.EngineChoice ENGINE =
      Engines.confined() ? Runner.EngineChoice.CONFINED : Runner.EngineChoice.PORTABLE;
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int PATIENCE = 400; // looks, and not time: a machine may stand still
  private static final Duration ENDING = Duration.ofSeconds(5);

  final RandomGenerator random;
  private final int loops;
  private final Supplier<String> state;
  private final List<Member> members = new ArrayList<>();
  private final List<LoopImpl> running = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<Throwable> broken = new CopyOnWriteArrayList<>();
  private volatile boolean stopped;
  private volatile boolean over;

  /// What one member does.
  @FunctionalInterface
  interface Job {
    void run(Member me) throws Throwable;
  }

  /// A swarm without members.
  ///
  /// @param state what they work on, for the report of a hang
  Swarm(RandomGenerator random, int loops, Supplier<String> state) {
    this.random = random;
    this.loops = loops;
    this.state = state;
  }

  /// One more: a thread one time out of four, else a task of any loop.
  void add(String name, Job job) {
    add(name, random.nextInt(4) == 0 ? -1 : random.nextInt(loops), job);
  }

  /// One more.
  ///
  /// @param loop which loop's task it is; -1 for a plain thread
  void add(String name, int loop, Job job) {
    members.add(new Member(this, name, loop, Seeds.generator(random.nextLong()), job));
  }

  boolean isStopped() {
    return stopped;
  }

  /// Runs them all to their end.
  ///
  /// @return how many operations they did
  long run() throws InterruptedException {
    for (int loop = 0; loop < loops; loop++) {
      int number = loop;
      RandomGenerator own = Seeds.generator(random.nextLong());
      start("loop " + loop, () -> runLoop(number, own));
    }
    for (Member member : members) {
      if (member.loop < 0) {
        start(member.name, () -> member.live());
      }
    }
    RandomGenerator own = Seeds.generator(random.nextLong());
    Thread meddler = Thread.ofPlatform().daemon().start(() -> meddleFromOutside(own));
    try {
      watch();
    } catch (InterruptedException e) {
      stop(new AssertionError("it takes too long\n" + dump(), e));
    }
    over = true;
    var _ = meddler.join(ENDING);
    if (!broken.isEmpty()) {
      AssertionError failure = new AssertionError(broken.getFirst().toString(), broken.getFirst());
      broken.subList(1, broken.size()).forEach(failure::addSuppressed);
      throw failure;
    }
    return operations();
  }

  private void start(String name, VoidBody<?> body) {
    threads.add(
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .start(() -> {
              try {
                body.run();
              } catch (Throwable e) {
                stop(e);
              }
            }));
  }

  private void runLoop(int number, RandomGenerator own) {
    Runner.builder()
        .engine(ENGINE)
        .ctrlC(Runner.CtrlC.NEVER)
        .exceptionHandler((_, e) -> broken.add(e))
        .run(() -> {
          running.add(TaskImpl.current("a test").loop);
          background(() -> meddle(number, own));
          scope(s -> {
            for (Member member : members) {
              if (member.loop == number) {
                s.async(member.name, () -> member.live());
              }
            }
          });
        });
  }

  private void meddle(int number, RandomGenerator own) {
    List<Member> here = members.stream().filter(member -> member.loop == number).toList();
    while (!here.isEmpty()) {
      if (own.nextInt(3) == 0) {
        checkpoint();
      } else {
        sleep(ofNanos(own.nextInt(1, 100_000)));
      }
      here.get(own.nextInt(here.size())).meddle();
    }
  }

  private void meddleFromOutside(RandomGenerator own) {
    try {
      while (!over) {
        members.get(own.nextInt(members.size())).meddle();
        Thread.sleep(0, own.nextInt(1, 100_000));
      }
    } catch (InterruptedException e) {
      stop(e);
    }
  }

  // The watch

  private void watch() throws InterruptedException {
    long progress = -1;
    int still = 0;
    for (Thread thread : threads) {
      while (!stopped && !thread.join(LOOK)) {
        long now = operations();
        still = now == progress ? still + 1 : 0;
        progress = now;
        if (still > PATIENCE) {
          stop(new AssertionError("nobody gets on\n" + dump()));
        }
      }
    }
    if (stopped) {
      for (Thread thread : threads) {
        var _ = thread.join(ENDING);
      }
    }
  }

  /// Ends everything after a failure.
  private void stop(Throwable why) {
    broken.add(why);
    stopped = true;
    running.forEach(loop -> loop.cancelMain("the swarm has failed"));
    members.forEach(Member::interrupt);
  }

  private long operations() {
    return members.stream().mapToLong(Member::operations).sum();
  }

  private String dump() {
    List<String> lines = new ArrayList<>();
    lines.add(state.get());
    for (LoopImpl loop : running) {
      if (!loop.isClosed()) {
        Waits.edges(Waits.all(loop.main())).forEach(edge -> lines.add(loop + ": " + edge));
      }
    }
    for (Thread thread : threads) {
      if (thread.isAlive()) {
        lines.add(thread.getName() + " is at");
        Stream.of(thread.getStackTrace()).limit(12).forEach(at -> lines.add("    " + at));
      }
    }
    return String.join("\n", lines);
  }
}
