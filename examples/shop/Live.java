package shop;

import static dev.thrum.Async.scope;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.thrum.channel.Broadcast;
import dev.thrum.channel.Channel;
import dev.thrum.channel.Overflow;
import dev.thrum.http.WebSocket;
import dev.thrum.web.Json;
import dev.thrum.web.Lifespan.Serve;
import dev.thrum.web.Sse;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import shop.Orders.Order;

/// What happens in the shop, told to everybody who looks at it at that moment.
final class Live {
  private static final Json JSON = Json.standard();
  private static final int LONGEST = 500;

  private final Database database;
  private final Broadcast<News> news = Broadcast.create(256, Overflow.DROP_OLDEST);
  private final Channel<Long> changed = Channel.unlimited();

  Live(Database database) {
    this.database = database;
  }

  /// Something that has happened.
  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
  sealed interface News {}

  /// So many of a product are left.
  record Stock(long product, String name, int left) implements News {
    static Stock read(ResultSet row) throws SQLException {
      return new Stock(row.getLong("id"), row.getString("name"), row.getInt("stock"));
    }
  }

  /// Somebody has ordered something.
  record Ordered(long id, String buyer, String total) implements News {}

  /// Somebody has said something to the support, or the support to them.
  ///
  /// @param room the account that it is about
  record Said(long id, long room, String author, String text, OffsetDateTime at) implements News {
    static Said read(ResultSet row) throws SQLException {
      return new Said(
          row.getLong("id"),
          row.getLong("room"),
          row.getString("author"),
          row.getString("body"),
          row.getObject("said", OffsetDateTime.class));
    }
  }

  /// The chat with one customer, and what was said last.
  record Room(long id, String name, String last) {}

  void ordered(Order order) {
    order.lines().forEach(line -> stockChanged(line.product()));
    var _ = news.trySend(new Ordered(order.id(), order.buyer(), order.total().toPlainString()));
  }

  void stockChanged(long product) {
    changed.send(product);
  }

  /// Reads what has changed, one after the other, so that the last thing told is the latest.
  void follow(Serve serve) throws Exception {
    scope(scope -> {
      var _ = scope.background(() -> changed.stream().forEach(this::tellStock));
      serve.run();
    });
  }

  private void tellStock(long product) {
    stock(product).ifPresent(news::send);
  }

  private Optional<Stock> stock(long product) {
    return database.transaction(
        sql -> sql.one(Stock::read, "SELECT * FROM product WHERE id = ?", product));
  }

  /// The stock of a product, now and whenever it changes.
  void sendStock(long product, Sse.Events events) throws Exception {
    try (var reader = news.subscribe()) {
      events.send(Integer.toString(stock(product).orElseThrow().left()));
      for (News one : reader) {
        if (one instanceof Stock stock && stock.product() == product) {
          events.send(Integer.toString(stock.left()));
        }
      }
    }
  }

  /// All that happens, for those who run the shop, until they leave.
  void sendAll(WebSocket socket) throws Exception {
    try (var reader = news.subscribe()) {
      scope(scope -> {
        var _ = scope.background(() -> forward(reader, _ -> true, socket));
        for (var _ : socket) {
          // nothing is asked for
        }
      });
    }
  }

  private static void forward(Iterable<News> reader, Predicate<News> wanted, WebSocket socket)
      throws IOException {
    for (News one : reader) {
      if (wanted.test(one)) {
        socket.send(JSON.text(one));
      }
    }
  }

  // The chat with the support: a room for each account

  /// Talks with whoever else is in a room, until one leaves.
  void talk(long room, String author, WebSocket socket) throws Exception {
    try (var reader = news.subscribe()) {
      List<Said> before = history(room);
      for (Said one : before) {
        socket.send(JSON.text(one));
      }
      long last = before.isEmpty() ? 0 : before.getLast().id();
      scope(scope -> {
        Predicate<News> wanted =
            one -> one instanceof Said said && said.room() == room && said.id() > last;
        var _ = scope.background(() -> forward(reader, wanted, socket));
        for (var message : socket) {
          say(room, author, message.text().strip());
        }
      });
    }
  }

  private void say(long room, String author, String text) {
    if (!text.isEmpty() && text.length() <= LONGEST) {
      news.send(
          database.transaction(sql -> {
            long id =
                sql.insert(
                    "INSERT INTO message (room, author, body) VALUES (?, ?, ?)",
                    room,
                    author,
                    text);
            return sql.one(Said::read, "SELECT * FROM message WHERE id = ?", id).orElseThrow();
          }));
    }
  }

  private List<Said> history(long room) {
    return database
        .transaction(sql ->
            sql.list(
                Said::read, "SELECT * FROM message WHERE room = ? ORDER BY id DESC LIMIT 50", room))
        .reversed();
  }

  /// Those who have asked something, the last one first.
  List<Room> rooms() {
    return database.transaction(sql ->
        sql.list(
            row -> new Room(row.getLong("room"), row.getString("name"), row.getString("body")),
            "SELECT room, name, body FROM message JOIN account ON account.id = room"
                + " WHERE message.id IN (SELECT max(id) FROM message GROUP BY room)"
                + " ORDER BY message.id DESC LIMIT 50"));
  }
}
