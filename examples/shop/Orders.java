package shop;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import shop.Catalogue.Product;
import shop.Database.Sql;
import shop.Users.User;

/// Carts and orders.
final class Orders {
  private static final int MOST_LINES = 30;
  private static final int MOST_OF_ONE = 99;
  private static final String SELECT =
      "SELECT purchase.*, account.name AS buyer FROM purchase JOIN account ON account.id = account_id";

  private final Database database;
  private final Live live;

  Orders(Database database, Live live) {
    this.database = database;
    this.live = live;
  }

  /// How many of which product somebody wants. It is kept in the session.
  record Cart(Map<Long, Integer> counts) {
    static final Cart EMPTY = new Cart(Map.of());

    Cart with(long product, int count) {
      Map<Long, Integer> changed = new TreeMap<>(counts);
      if (count <= 0) {
        var _ = changed.remove(product);
      } else if (changed.size() < MOST_LINES || changed.containsKey(product)) {
        var _ = changed.put(product, Math.min(count, MOST_OF_ONE));
      }
      return new Cart(changed);
    }

    Cart plus(long product, int count) {
      return with(product, counts.getOrDefault(product, 0) + count);
    }

    int size() {
      return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  /// Some of a product, in a cart or in an order.
  record Line(long product, String name, BigDecimal price, int count) {
    public BigDecimal sum() {
      return price.multiply(BigDecimal.valueOf(count));
    }
  }

  /// An order.
  record Order(
      long id,
      String buyer,
      String address,
      OffsetDateTime placed,
      boolean sent,
      List<Line> lines,
      BigDecimal total) {}

  /// There is not as much of something as somebody wants.
  static final class SoldOut extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SoldOut(String message) {
      super(message);
    }
  }

  static BigDecimal total(List<Line> lines) {
    return lines.stream().map(Line::sum).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /// What is in a cart, at today's prices. What is not sold any more is left out.
  List<Line> lines(Cart cart) {
    return database.transaction(sql -> lines(sql, cart));
  }

  private static List<Line> lines(Sql sql, Cart cart) {
    return cart.counts().entrySet().stream()
        .flatMap(one ->
            sql.one(Product::read, "SELECT * FROM product WHERE id = ?", one.getKey()).stream()
                .map(product ->
                    new Line(product.id(), product.name(), product.price(), one.getValue())))
        .toList();
  }

  /// Orders what is in a cart, all of it or nothing. All take from the stock in the order of the
  /// products' ids, so that two orders never wait for each other.
  Order place(User user, Cart cart, String address) {
    Order order =
        database.transaction(sql -> {
          List<Line> lines = lines(sql, cart);
          if (lines.isEmpty() || lines.size() < cart.counts().size()) {
            throw new SoldOut("That is not for sale.");
          }
          lines.forEach(line -> take(sql, line));
          long id =
              sql.insert(
                  "INSERT INTO purchase (account_id, address) VALUES (?, ?)", user.id(), address);
          lines.forEach(line -> put(sql, id, line));
          return find(sql, id).orElseThrow();
        });
    live.ordered(order);
    return order;
  }

  private static void take(Sql sql, Line line) {
    int taken =
        sql.update(
            "UPDATE product SET stock = stock - ? WHERE id = ? AND stock >= ?",
            line.count(),
            line.product(),
            line.count());
    if (taken == 0) {
      long left = sql.number("SELECT stock FROM product WHERE id = ?", line.product());
      throw new SoldOut(
          left == 0
              ? line.name() + " is sold out."
              : "Of " + line.name() + " there are only " + left + " left.");
    }
  }

  private static void put(Sql sql, long order, Line line) {
    int _ =
        sql.update(
            "INSERT INTO purchase_line (purchase_id, product_id, name, price, count)"
                + " VALUES (?, ?, ?, ?, ?)",
            order,
            line.product(),
            line.name(),
            line.price(),
            line.count());
  }

  Optional<Order> find(long id) {
    return database.transaction(sql -> find(sql, id));
  }

  private static Optional<Order> find(Sql sql, long id) {
    return orders(sql, SELECT + " WHERE purchase.id = ?", id).stream().findFirst();
  }

  List<Order> of(User user) {
    return database.transaction(sql ->
        orders(
            sql, SELECT + " WHERE account_id = ? ORDER BY purchase.id DESC LIMIT 50", user.id()));
  }

  List<Order> latest() {
    return database.transaction(sql -> orders(sql, SELECT + " ORDER BY purchase.id DESC LIMIT 50"));
  }

  boolean markSent(long id) {
    return database.transaction(
        sql -> sql.update("UPDATE purchase SET sent = TRUE WHERE id = ?", id) == 1);
  }

  private static List<Order> orders(Sql sql, String select, Object... values) {
    return sql.list(row -> read(row, linesOf(sql, row.getLong("id"))), select, values);
  }

  private static List<Line> linesOf(Sql sql, long order) {
    return sql.list(
        row ->
            new Line(
                row.getLong("product_id"),
                row.getString("name"),
                row.getBigDecimal("price"),
                row.getInt("count")),
        "SELECT * FROM purchase_line WHERE purchase_id = ? ORDER BY product_id",
        order);
  }

  private static Order read(ResultSet row, List<Line> lines) throws SQLException {
    return new Order(
        row.getLong("id"),
        row.getString("buyer"),
        row.getString("address"),
        row.getObject("placed", OffsetDateTime.class),
        row.getBoolean("sent"),
        lines,
        total(lines));
  }

  /// How business goes.
  record Numbers(long orders, BigDecimal revenue, long waiting, long soldOut) {}

  Numbers numbers() {
    return database.transaction(sql ->
        new Numbers(
            sql.number("SELECT count(*) FROM purchase"),
            sql.one(
                    row -> row.getBigDecimal(1),
                    "SELECT coalesce(sum(price * count), 0) FROM purchase_line")
                .orElseThrow(),
            sql.number("SELECT count(*) FROM purchase WHERE NOT sent"),
            sql.number("SELECT count(*) FROM product WHERE stock = 0")));
  }
}
