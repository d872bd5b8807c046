package dev.thrum.bench.echo;

import static dev.thrum.bench.Args.list;
import static dev.thrum.bench.Args.orElse;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// What to run and how long.
record Options(
    boolean idle,
    boolean quick,
    int rounds,
    List<Integer> sizes,
    List<Integer> connections,
    List<Server> servers,
    Optional<Path> out) {
  static final String USAGE =
      """
      usage: bench/run echo [--quick] [--rounds N] [--sizes KiB,…] [--connections N,…]
                            [--servers name,…] [--python PATH] [--out FILE]
             bench/run echo --idle [--connections N] [--servers name,…] [--python PATH] [--out FILE]

      Echo servers, each in a process of its own, under the same load: what a message costs.

        --sizes        length of the messages in KiB (1,10,100)
        --connections  how many send messages, each waiting for its echo (10,1000)
        --servers      thrum, thrum-portable, thrum-nio, thrum-bytes, thrum-portable-bytes, netty, vt,
                       asyncio, uvloop, asyncio-malloc, uvloop-malloc, go; all but the two bytes,
                       which are in --idle
        --rounds N     fresh processes for each row and server, in turn (3; quick: 1)
        --quick        shorter warm-ups and intervals
        --idle         the memory of connections that do nothing, 10,000 of them or N, instead
        --python       the Python to run asyncio and uvloop with (/usr/bin/python3)
        --out          write the tables to a file too
      """;

  private static final int MOST_KIB = 16 * 1024;

  static Options parse(String[] args, Path home) {
    boolean idle = false;
    boolean quick = false;
    int rounds = 0;
    List<Integer> sizes = List.of();
    List<Integer> connections = List.of();
    List<String> servers = List.of();
    Optional<Path> out = Optional.empty();
    String python = "/usr/bin/python3";
    var words = new ArrayDeque<>(Arrays.asList(args));
    while (!words.isEmpty()) {
      var option = words.pop();
      try {
        switch (option) {
          case "--idle" -> idle = true;
          case "--quick" -> quick = true;
          case "--rounds" -> rounds = number(option, words.pop(), 1000);
          case "--sizes" -> sizes = numbers(option, words.pop(), MOST_KIB);
          case "--connections" -> connections = numbers(option, words.pop(), 1_000_000);
          case "--servers" -> servers = list(words.pop());
          case "--out" -> out = Optional.of(Path.of(words.pop()));
          case "--python" -> python = words.pop();
          default -> throw new IllegalArgumentException("unknown option " + option);
        }
      } catch (NoSuchElementException e) {
        throw new IllegalArgumentException(option + " lacks its value", e);
      }
    }
    if (idle && (rounds > 0 || !sizes.isEmpty() || connections.size() > 1)) {
      throw new IllegalArgumentException(
          "--idle takes one number of connections, and neither --rounds nor --sizes");
    }
    return new Options(
        idle,
        quick,
        rounds > 0 ? rounds : quick ? 1 : 3,
        orElse(sizes, List.of(1, 10, 100)),
        orElse(connections, idle ? List.of(10_000) : List.of(10, 1000)),
        Server.named(orElse(servers, idle ? Server.IDLE : Server.BUSY), Server.all(home, python)),
        out);
  }

  List<Scenario> scenarios() {
    var all = new ArrayList<Scenario>();
    for (int count : connections) {
      for (int size : sizes) {
        all.add(new Scenario(size, count));
      }
    }
    return all;
  }

  /// On the server's processor, which a JVM's compiler shares.
  Duration warmUp() {
    return Duration.ofMillis(quick ? 2000 : 4000);
  }

  Duration interval() {
    return Duration.ofMillis(quick ? 500 : 1000);
  }

  /// Intervals that are measured in one process.
  int intervals() {
    return quick ? 2 : 3;
  }

  private static List<Integer> numbers(String option, String text, int most) {
    return list(text).stream().map(word -> number(option, word, most)).toList();
  }

  private static int number(String option, String word, int most) {
    try {
      int number = Integer.parseInt(word);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "%s takes whole numbers from 1 to %,d, not \"%s\"".formatted(option, most, word));
  }
}
