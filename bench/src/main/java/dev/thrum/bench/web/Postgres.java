package dev.thrum.bench.web;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// A PostgreSQL server with a table of products, on the load's side of the machine. It ends with
/// this process.
///
/// @param environment how libpq is told of it, which the servers take it from
record Postgres(Map<String, String> environment, Process process) implements AutoCloseable {
  private static final String TABLE =
      """
      CREATE TABLE product (id int PRIMARY KEY, name text NOT NULL, price float8 NOT NULL);
      INSERT INTO product SELECT id, 'Product ' || id, id * 0.5 FROM generate_series(1, 10000) AS id;
      ANALYZE product;
      """;

  /// @throws NoDatabase with what to install, if there is none on the machine
  static Postgres start(Path home) throws IOException, SQLException {
    var script = home.resolveSibling("scripts").resolve("postgres").toString();
    var process = new ProcessBuilder("bash", script, "serve").redirectErrorStream(true).start();
    var said = process.inputReader(StandardCharsets.UTF_8);
    var url = said.readLine();
    if (url == null || !url.startsWith("jdbc:")) {
      throw new NoDatabase(url + said.lines().collect(Collectors.joining("\n", "\n", "")));
    }
    var postgres = new Postgres(environment(url), process);
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(TABLE);
      return postgres;
    } catch (SQLException e) {
      postgres.close();
      throw e;
    }
  }

  private static Map<String, String> environment(String url) {
    var address = URI.create(url.substring("jdbc:".length()));
    var parameters =
        Arrays.stream(address.getQuery().split("&", -1))
            .map(part -> part.split("=", 2))
            .collect(Collectors.toMap(part -> part[0], part -> part[1]));
    return Map.of(
        "PGHOST", address.getHost(),
        "PGPORT", Integer.toString(address.getPort()),
        "PGDATABASE", address.getPath().substring(1),
        "PGUSER", parameters.getOrDefault("user", ""),
        "PGPASSWORD", parameters.getOrDefault("password", ""),
        "PGSSLMODE", "disable");
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
