package shop;

import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.shield;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.thrum.sync.CapacityLimiter;
import dev.thrum.web.Lifespan.Serve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The database: a pool of connections, and transactions on threads beside the loop.
final class Database {
  private static final int CONNECTIONS = 10;

  private final String url;
  private final Path migrations;
  private final CapacityLimiter turns = CapacityLimiter.create("database", CONNECTIONS);
  private volatile Optional<HikariDataSource> pool = Optional.empty();

  Database(String url, Path migrations) {
    this.url = url;
    this.migrations = migrations;
  }

  /// What is done in a transaction.
  @FunctionalInterface
  interface Work<T> {
    T on(Sql sql);
  }

  /// Reads a row.
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet at) throws SQLException;
  }

  /// What the database has refused.
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(SQLException cause) {
      super(cause);
    }

    /// Whether it is because something of that kind is there already.
    boolean isDuplicate() {
      return getCause() instanceof SQLException e && "23505".equals(e.getSQLState());
    }
  }

  /// Is open while the application is served.
  void open(Serve serve) throws Exception {
    var opened = blocking(this::connect);
    try {
      pool = Optional.of(opened);
      transaction(this::migrate);
      serve.run();
    } finally {
      shield(() -> blocking(opened::close));
    }
  }

  private HikariDataSource connect() {
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(1);
    config.setAutoCommit(false);
    return new HikariDataSource(config);
  }

  /// Does something as a whole or not at all: if it fails, or if the task is cancelled before it is
  /// done, the pool takes everything back.
  <T> T transaction(Work<T> work) {
    return turns.withToken(() -> blocking(() -> commit(work)));
  }

  private <T> T commit(Work<T> work) {
    try (Connection connection = pool.orElseThrow().getConnection()) {
      T value = work.on(new Sql(connection));
      checkpoint();
      connection.commit();
      return value;
    } catch (SQLException e) {
      throw new Refused(e);
    }
  }

  /// Fails if the database does not answer.
  void check() {
    long _ = transaction(sql -> sql.number("SELECT 1"));
  }

  /// How many connections are out of the pool.
  int busy() {
    return pool.orElseThrow().getHikariPoolMXBean().getActiveConnections();
  }

  /// A connection in a transaction, without what JDBC asks for each time.
  record Sql(Connection connection) {

    <T> List<T> list(Row<T> row, String sql, Object... values) {
      try (var statement = prepare(connection.prepareStatement(sql), values);
          var rows = statement.executeQuery()) {
        List<T> all = new ArrayList<>();
        while (rows.next()) {
          all.add(row.read(rows));
        }
        return all;
      } catch (SQLException e) {
        throw new Refused(e);
      }
    }

    <T> Optional<T> one(Row<T> row, String sql, Object... values) {
      return list(row, sql, values).stream().findFirst();
    }

    long number(String sql, Object... values) {
      return one(row -> row.getLong(1), sql, values).orElse(0L);
    }

    int update(String sql, Object... values) {
      try (var statement = prepare(connection.prepareStatement(sql), values)) {
        return statement.executeUpdate();
      } catch (SQLException e) {
        throw new Refused(e);
      }
    }

    /// Puts a row in and returns its id.
    long insert(String sql, Object... values) {
      String[] id = {"id"};
      try (var statement = prepare(connection.prepareStatement(sql, id), values)) {
        int _ = statement.executeUpdate();
        try (var keys = statement.getGeneratedKeys()) {
          boolean _ = keys.next();
          return keys.getLong(1);
        }
      } catch (SQLException e) {
        throw new Refused(e);
      }
    }

    private static PreparedStatement prepare(PreparedStatement statement, Object... values)
        throws SQLException {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement;
    }
  }

  // Migrations: files that are run once each, in the order of their names

  private int migrate(Sql sql) {
    if (url.startsWith("jdbc:postgresql:")) { // one shop at a time
      var _ = sql.number("SELECT 1 FROM (SELECT pg_advisory_xact_lock(7450)) locked");
    }
    int _ = sql.update("CREATE TABLE IF NOT EXISTS migration (name VARCHAR(80) PRIMARY KEY)");
    var done = sql.list(row -> row.getString(1), "SELECT name FROM migration");
    for (Path file : files()) {
      String name = file.getFileName().toString();
      if (!done.contains(name)) {
        statements(file).forEach(sql::update);
        int _ = sql.update("INSERT INTO migration (name) VALUES (?)", name);
      }
    }
    return done.size();
  }

  private List<Path> files() {
    try (var found = Files.list(migrations)) {
      return found.filter(file -> file.toString().endsWith(".sql")).sorted().toList();
    } catch (IOException e) {
      throw new IllegalStateException("no migrations in " + migrations, e);
    }
  }

  private static List<String> statements(Path file) {
    try {
      return List.of(Files.readString(file).strip().split(";\\s*\n|;$"));
    } catch (IOException e) {
      throw new IllegalStateException(file + " cannot be read", e);
    }
  }
}
