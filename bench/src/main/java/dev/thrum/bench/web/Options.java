package dev.thrum.bench.web;

import static dev.thrum.bench.Args.list;
import static dev.thrum.bench.Args.orElse;

import dev.thrum.bench.Args;
import dev.thrum.bench.echo.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// What to run and how long.
record Options(
    Path home,
    boolean quick,
    boolean best,
    int rounds,
    List<Row> rows,
    List<Server> servers,
    Optional<Path> out) {
  static final String USAGE =
      """
      usage: bench/run web [--quick] [--best] [--rounds N] [--only row,…] [--servers name,…]
                           [--python PATH] [--out FILE]

      The same small application on many HTTP servers, each in a process of its own with one event
      loop or worker on one core, under the same load from the other core: what a request costs, how
      many there are in a second, and how long the slowest of a hundred takes. What a server answers
      is checked first; an answer that says failure, or a broken connection, fails the row.

        --only       rows, each with its number of connections, or others (all of these):
                       plaintext-64, plaintext-256    GET, 13 bytes
                       pipelined-64                   the same, 16 requests at a time
                       json-64, json-256              GET, a number in the path and a query: a record
                       post-64                        POST of 308 bytes of JSON into a checked model
                       db-64                          a row of PostgreSQL, a pool of 16 connections
                       ws-64                          WebSocket echo of 64 bytes
                       upload-8                       POST of 1 MiB, counted
                       stall-64                       plaintext-64, while 32 other connections wait
                                                      100 ms for their answers
        --servers    netty, vertx, vertx-web, helidon, javalin, jdk, go, node, uvicorn, starlette,
                     fastapi
        --rounds N   fresh processes for each row and server, in turn (3; quick: 1)
        --quick      shorter intervals, and one round: 30 minutes instead of 100, and rougher, as what
                     a JVM compiles late has not come by then
        --best       show the interval in which a request has cost least instead of the median: for
                     a machine that has other work
        --python     the Python to run uvicorn, starlette and fastapi with (/usr/bin/python3)
        --out        write the tables to a file too

      The load is wrk's, for ws a client of this program. wrk has to be there; a server, its
      WebSocket or its driver that is not on this machine is named and left out. For all of them:

        apt-get install wrk postgresql golang-go golang-github-lib-pq-dev \\
          golang-github-gorilla-websocket-dev nodejs npm python3-uvicorn python3-uvloop \\
          python3-httptools python3-websockets python3-starlette python3-fastapi python3-asyncpg
      """;

  static Options parse(String[] args, Path home) {
    boolean quick = false;
    boolean best = false;
    int rounds = 0;
    List<String> rows = List.of();
    List<String> servers = List.of();
    Optional<Path> out = Optional.empty();
    String python = "/usr/bin/python3";
    var words = new ArrayDeque<>(Arrays.asList(args));
    while (!words.isEmpty()) {
      var option = words.pop();
      try {
        switch (option) {
          case "--quick" -> quick = true;
          case "--best" -> best = true;
          case "--rounds" -> rounds = Args.number(option, words.pop());
          case "--only" -> rows = list(words.pop());
          case "--servers" -> servers = list(words.pop());
          case "--python" -> python = words.pop();
          case "--out" -> out = Optional.of(Path.of(words.pop()));
          default -> throw new IllegalArgumentException("unknown option " + option);
        }
      } catch (NoSuchElementException e) {
        throw new IllegalArgumentException(option + " lacks its value", e);
      }
    }
    return new Options(
        home,
        quick,
        best,
        rounds > 0 ? rounds : quick ? 1 : 3,
        orElse(rows.stream().map(Row::of).toList(), Row.ALL),
        servers.isEmpty()
            ? Contenders.all(home, python)
            : Server.named(servers, Contenders.all(home, python)),
        out);
  }

  /// Where the peers' scripts are, and what the load is told.
  Path peers() {
    return home.resolve("peers/web");
  }

  boolean asks(Kind kind) {
    return rows.stream().anyMatch(row -> row.kind() == kind);
  }

  /// On the server's processor, which a compiler that works while the program runs shares: it takes
  /// its time.
  Duration warmUp(Server server) {
    if (Contenders.isWarm(server)) {
      return Duration.ofSeconds(1);
    }
    return Duration.ofSeconds(15);
  }

  /// Whole seconds: wrk knows no others.
  Duration interval() {
    return Duration.ofSeconds(quick ? 1 : 2);
  }

  /// Intervals that are measured in one process.
  int intervals() {
    return quick ? 2 : 3;
  }
}
