package dev.thrum.data;

import java.io.Serializable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Tables of a database, by JDBC. DuckDB's driver reads and writes Parquet this way.
public final class Jdbc {
  private Jdbc() {}

  /// Opens connections.
  @FunctionalInterface
  public interface Connections extends Serializable {

    /// Opens one.
    ///
    /// @return a new connection, which the run closes
    /// @throws SQLException if it cannot be opened
    Connection open() throws SQLException;
  }

  /// Makes an element of a row.
  ///
  /// @param <T> the type of the elements
  @FunctionalInterface
  public interface RowReader<T> extends Serializable {

    /// Reads a row.
    ///
    /// @param row the row, as the result set stands
    /// @return an element
    /// @throws SQLException if it cannot be read
    T read(ResultSet row) throws SQLException;
  }

  /// Puts an element into a statement.
  ///
  /// @param <T> the type of the elements
  @FunctionalInterface
  public interface RowWriter<T> extends Serializable {

    /// Sets the parameters of a statement.
    ///
    /// @param statement the statement
    /// @param element the element
    /// @throws SQLException if one cannot be set
    void write(PreparedStatement statement, T element) throws SQLException;
  }

  /// Reads the rows of a query, in pages, so that a run can go on in the middle.
  ///
  /// The query gets what it may ask for as its parameters, and has to end in them: first the
  /// largest key that it has given, or the key to begin with, then how many rows are wanted, as in
  /// `SELECT id, name FROM users WHERE id > ? ORDER BY id LIMIT ?`.
  ///
  /// @param connections opens a connection
  /// @param query the query with two parameters
  /// @param begin the key to begin behind
  /// @param key the key of a row
  /// @param reader makes an element of a row
  /// @param <T> the type of the elements
  /// @return a pipeline
  public static <T> Pipeline<T> read(
      Connections connections,
      String query,
      Serializable begin,
      RowReader<? extends Serializable> key,
      RowReader<T> reader) {
    return Pipeline.from(new Pages<>(connections, query, begin, key, reader));
  }

  /// Writes elements by a statement, in batches, each checkpoint's in one transaction.
  ///
  /// After a crash what was committed since the last checkpoint is written again: the statement
  /// should be one that can be, such as `INSERT … ON CONFLICT (id) DO UPDATE …` or `MERGE`.
  ///
  /// @param connections opens a connection
  /// @param statement an insert, update or merge with parameters
  /// @param writer sets the parameters
  /// @param <T> the type of the elements
  /// @return a sink that holds each element at least once, and once with a statement as above
  public static <T> Sink<T> write(
      Connections connections, String statement, RowWriter<? super T> writer) {
    return new Statements<>(connections, statement, writer);
  }

  private record Pages<T>(
      Connections connections,
      String query,
      Serializable begin,
      RowReader<? extends Serializable> key,
      RowReader<T> reader)
      implements Source<T> {

    @Override
    public String name() {
      return "query";
    }

    @Override
    public Reader<T> open(Optional<Serializable> position) throws SQLException {
      return new PageReader<>(this, position.orElse(begin));
    }
  }

  private static final class PageReader<T> implements Source.Reader<T> {
    private static final int ROWS = 1000;

    private final Pages<T> pages;
    private final Connection connection;
    private final PreparedStatement statement;
    private Serializable last;

    PageReader(Pages<T> pages, Serializable last) throws SQLException {
      this.pages = pages;
      this.last = last;
      this.connection = pages.connections().open();
      try {
        this.statement = connection.prepareStatement(pages.query());
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    }

    @Override
    public boolean read(Batch<T> into) throws SQLException {
      statement.setObject(1, last);
      statement.setInt(2, ROWS);
      boolean some = false;
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          last = pages.key().read(rows);
          into.add(pages.reader().read(rows));
          some = true;
        }
      }
      return some;
    }

    @Override
    public Serializable position() {
      return last;
    }

    @Override
    public void close() throws SQLException {
      try (connection) {
        statement.close();
      }
    }
  }

  private record Statements<T>(
      Connections connections, String statement, RowWriter<? super T> writer) implements Sink<T> {

    @Override
    public String name() {
      return "statement";
    }

    @Override
    public Writer<T> open(Optional<Serializable> state) throws SQLException {
      return new StatementWriter<>(this);
    }
  }

  private static final class StatementWriter<T> implements Sink.Writer<T> {
    private final Statements<T> statements;
    private final Connection connection;
    private final PreparedStatement statement;
    private long count;

    StatementWriter(Statements<T> statements) throws SQLException {
      this.statements = statements;
      this.connection = statements.connections().open();
      try {
        connection.setAutoCommit(false);
        this.statement = connection.prepareStatement(statements.statement());
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    }

    @Override
    public void write(List<T> elements) throws SQLException {
      for (T element : elements) {
        statements.writer().write(statement, element);
        statement.addBatch();
      }
      var _ = statement.executeBatch();
      count += elements.size();
    }

    @Override
    public Serializable prepare() throws SQLException {
      connection.commit();
      return count;
    }

    @Override
    public void finish() throws SQLException {
      connection.commit();
    }

    @Override
    public void abandon() throws SQLException {
      connection.rollback();
    }

    @Override
    public void close() throws SQLException {
      try (connection) {
        statement.close();
        if (!connection.isClosed()) {
          connection.rollback();
        }
      }
    }
  }
}
