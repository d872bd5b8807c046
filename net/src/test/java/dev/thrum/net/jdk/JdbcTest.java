package dev.thrum.net.jdk;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.awaitAll;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.Outcome;
import dev.thrum.Runner;
import dev.thrum.Task;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A JDBC driver that knows nothing of Thrum, in tasks, against a real server.
///
/// That queries are in the database at the same time is shown by a lock of the database: each waits
/// for it in there, and it is given back only when the database says that all of them wait.
@Tag("postgres")
@Tag("slow") // a hundred connections, each with its process
@ExtendWith(Postgres.class)
final class JdbcTest {
  private static final int QUERIES = 100;
  private static final String LOCK = "select pg_advisory_lock(1)";
  private static final String SHARE = "select pg_advisory_lock_shared(1)";
  private static final String UNLOCK = "select pg_advisory_unlock(1)";
  private static final String WAITING =
      "select count(*) from pg_stat_activity where wait_event = 'advisory'";

  private final Postgres.Server server;

  JdbcTest(Postgres.Server server) {
    this.server = server;
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(server.url());
  }

  /// A connection whose server notices soon that nobody is at the other end.
  private Connection connectWatched() throws SQLException {
    return DriverManager.getConnection(
        server.url() + "&options=-c%20client_connection_check_interval=20");
  }

  private static String ask(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }

  private static void awaitWaiting(Way way, Connection connection, int count) throws SQLException {
    while (Integer.parseInt(way.call(() -> ask(connection, WAITING))) != count) {
      sleep(ofMillis(5));
    }
  }

  /// What the tasks of the loop have seen. Shared without a lock.
  private static final class Seen {
    final Set<String> carriers = new HashSet<>();
    int inside;
    int most;

    void enters() {
      carriers.add(Jvm.carrier());
      most = Math.max(most, ++inside);
    }

    void leaves() {
      carriers.add(Jvm.carrier());
      inside--;
    }
  }

  @ParameterizedTest
  @MethodSource("dev.thrum.net.jdk.Way#concurrent")
  void aHundredQueriesOfOneLoopAreInTheDatabaseAtTheSameTime(Way way) throws Exception {
    Seen seen = new Seen();
    List<Integer> values =
        Runner.builder()
            .blockingLimit(QUERIES + 1)
            .run(() -> {
              try (Connection main = way.call(this::connect)) {
                way.call(() -> ask(main, LOCK));
                List<Task<Integer>> tasks = new ArrayList<>();
                for (int i = 0; i < QUERIES; i++) {
                  int number = i;
                  tasks.add(async(() -> waitInTheDatabase(way, number, seen)));
                }
                awaitWaiting(way, main, QUERIES);
                assertEquals(QUERIES, seen.inside);
                way.call(() -> ask(main, UNLOCK));
                return awaitAll(tasks);
              }
            });
    assertEquals(IntStream.range(0, QUERIES).boxed().toList(), values);
    assertEquals(0, seen.inside);
    assertEquals(QUERIES, seen.most);
    if (Jvm.isConfined()) {
      assertEquals(Set.of(Thread.currentThread().getName()), seen.carriers);
    }
  }

  private int waitInTheDatabase(Way way, int number, Seen seen) throws SQLException {
    try (Connection connection = way.call(this::connect)) {
      seen.enters();
      way.call(() -> ask(connection, SHARE));
      seen.leaves();
      return Integer.parseInt(way.call(() -> ask(connection, "select " + number)));
    }
  }

  @Test
  void aPlainQueryLetsOthersRunOnTheConfinedEngineAndHoldsTheLoopOnThePortableOne()
      throws Exception {
    List<String> trail = new ArrayList<>();
    Runner.builder()
        .run(() -> {
          try (Connection connection = connect()) {
            Task<?> other = async(() -> trail.add("another task"));
            ask(connection, "select pg_sleep(0.05)");
            trail.add("answer");
            await(other);
          }
        });
    assertEquals(
        Jvm.isConfined() ? List.of("another task", "answer") : List.of("answer", "another task"),
        trail);
  }

  @ParameterizedTest
  @MethodSource("dev.thrum.net.jdk.Way#concurrent")
  void aCancelledQueryEndsAtOnceAndLeavesNeitherThreadNorSession(Way way) throws Exception {
    Runner.builder()
        .run(() -> {
          try (Connection main = way.call(this::connect)) {
            way.call(() -> ask(main, LOCK));
            Task<?> task = async(() -> waitForEver(way));
            awaitWaiting(way, main, 1);
            assertNotEquals(List.of(), Jvm.threads("waitForEver"));
            task.cancel("enough");
            assertThrows(CancellationException.class, () -> await(task));
            assertEquals(new Outcome.Cancelled<>("enough"), task.outcome());
            assertEquals(List.of(), Jvm.threads("waitForEver"));
            awaitWaiting(way, main, 0);
            way.call(() -> ask(main, UNLOCK));
          }
        });
  }

  private void waitForEver(Way way) throws SQLException {
    way.call(() -> {
      try (Connection connection = connectWatched()) {
        return ask(connection, SHARE);
      }
    });
  }

  @ParameterizedTest
  @MethodSource("dev.thrum.net.jdk.Way#concurrent")
  void aTimeoutEndsAQueryAndTheTaskGoesOn(Way way) throws Exception {
    Runner.builder()
        .run(() -> {
          try (Connection main = way.call(this::connect)) {
            way.call(() -> ask(main, LOCK));
            assertThrows(
                TimeoutException.class, () -> timeout(ofMillis(100), () -> waitForEver(way)));
            checkpoint();
            awaitWaiting(way, main, 0);
            assertEquals("1", way.call(() -> ask(main, "select 1")));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("dev.thrum.net.jdk.Way#concurrent")
  void cancellingAStatementOfAnotherTaskFailsItsQueryAndKeepsItsConnection(Way way)
      throws Exception {
    Runner.builder()
        .run(() -> {
          try (Connection main = way.call(this::connect);
              Connection connection = way.call(this::connect);
              Statement statement = connection.createStatement()) {
            way.call(() -> ask(main, LOCK));
            Task<?> task = async(() -> way.call(() -> statement.executeQuery(SHARE)));
            awaitWaiting(way, main, 1);
            way.run(statement::cancel);
            SQLException failure = assertThrows(SQLException.class, () -> await(task));
            assertEquals("57014", failure.getSQLState()); // query_canceled
            assertTrue(way.call(() -> connection.isValid(10)));
          }
        });
  }
}
