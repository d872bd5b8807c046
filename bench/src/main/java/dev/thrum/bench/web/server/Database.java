package dev.thrum.bench.web.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// HikariCP over the PostgreSQL server that the environment names, as libpq would have it.
final class Database {
  static final int CONNECTIONS = 16;

  private static final int ROWS = 10_000;
  private static final String QUERY = "SELECT id, name, price FROM product WHERE id = ?";
  private static volatile @Nullable HikariDataSource pool;

  private Database() {}

  /// Opens the pool, if the environment names a server. To be called before the server listens, on
  /// a thread of the operating system.
  static void open() {
    if (System.getenv("PGHOST") != null) {
      pool = new HikariDataSource(config());
    }
  }

  /// False if the environment names no server: then there is nothing to ask.
  static boolean isThere() {
    return pool != null;
  }

  /// A row picked at random. It blocks, at most [#CONNECTIONS] callers at a time get through.
  static Product product() throws SQLException {
    var open = pool;
    if (open == null) {
      throw new SQLException("no database");
    }
    try (var connection = open.getConnection();
        var query = connection.prepareStatement(QUERY)) {
      query.setInt(1, 1 + ThreadLocalRandom.current().nextInt(ROWS));
      try (var rows = query.executeQuery()) {
        if (!rows.next()) {
          throw new SQLException("no such row");
        }
        return new Product(rows.getInt(1), rows.getString(2), rows.getDouble(3));
      }
    }
  }

  private static HikariConfig config() {
    var config = new HikariConfig();
    config.setJdbcUrl(
        "jdbc:postgresql://%s:%s/%s"
            .formatted(
                System.getenv("PGHOST"), System.getenv("PGPORT"), System.getenv("PGDATABASE")));
    config.setUsername(System.getenv("PGUSER"));
    config.setPassword(System.getenv("PGPASSWORD"));
    config.setMaximumPoolSize(CONNECTIONS);
    return config;
  }
}
