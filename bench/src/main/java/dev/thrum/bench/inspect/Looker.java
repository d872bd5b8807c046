package dev.thrum.bench.inspect;

import dev.thrum.bench.CpuClock;
import dev.thrum.bench.Running;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/// One view of a crowd, asked for several times, in a process of its own, as the command line is
/// one: nothing is warm the first time, neither here nor there. Prints a [Look] for each.
///
/// Arguments: engine, view, how often to ask after the first time.
final class Looker {
  private static final int MOST_SHOWN = 500;
  private static final Duration QUIET = Duration.ofMillis(500);

  private final Running crowd;

  private Looker(Running crowd) {
    this.crowd = crowd;
  }

  static void main(String[] args) throws Exception {
    var view = View.titled(args[1]);
    try (var crowd = Running.start(command(Engine.titled(args[0])), Map.of("THRUM_DEBUG", "0"))) {
      try {
        crowd.readLine();
        new Looker(crowd).look(view, crowd.pid(), Integer.parseInt(args[2]));
      } catch (IOException e) {
        throw new IOException(crowd.errors(), e);
      }
    }
    // The connection to a program that has ended may still be tried.
    Runtime.getRuntime().halt(0);
  }

  private static List<String> command(Engine engine) {
    var command = new ArrayList<String>();
    command.add(Launch.java());
    command.addAll(List.of("-Xmx2g", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(engine.flags());
    command.addAll(List.of("-cp", ClassPath.own(), Crowd.class.getName()));
    return command;
  }

  private void look(View view, long pid, int times) throws Exception {
    Thread.sleep(QUIET);
    print(
        Look.Which.NONE,
        () -> {
          Thread.sleep(QUIET);
          return "";
        });
    var targets = new ArrayList<Target>();
    print(
        Look.Which.ATTACH,
        () -> {
          targets.add(Target.attach(pid));
          return "";
        });
    try (var target = targets.getFirst()) {
      for (int i = 0; i <= times; i++) {
        var answer =
            print(i == 0 ? Look.Which.FIRST : Look.Which.LATER, () -> view.ask(target.bean()));
        if (!view.isAnswer(answer)) {
          throw new IOException(
              "this is no answer: " + answer.substring(0, Math.min(answer.length(), MOST_SHOWN)));
        }
      }
    }
  }

  private String print(Look.Which which, Callable<String> look) throws Exception {
    held();
    long cpu = CpuClock.nanos(crowd.pid());
    long began = System.nanoTime();
    var answer = look.call();
    long took = System.nanoTime() - began;
    cpu = CpuClock.nanos(crowd.pid()) - cpu;
    long bytes = answer.getBytes(StandardCharsets.UTF_8).length;
    System.out.println(new Look(which, took, cpu, bytes, held()).line());
    return answer;
  }

  private long held() throws IOException {
    crowd.say("held");
    var answer = crowd.readLine();
    try {
      return Long.parseLong(answer);
    } catch (NumberFormatException e) {
      throw new IOException("the program has printed something else: " + answer, e);
    }
  }
}
