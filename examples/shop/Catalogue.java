package shop;

import dev.thrum.web.bind.Default;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import shop.Database.Sql;

/// The products.
final class Catalogue {
  static final List<String> KINDS = List.of("tea", "pot", "cup");
  private static final int PAGE = 8;

  private final Database database;
  private final Live live;

  Catalogue(Database database, Live live) {
    this.database = database;
    this.live = live;
  }

  /// A product.
  ///
  /// @param picture the path of its picture
  record Product(
      long id,
      String name,
      String kind,
      String description,
      BigDecimal price,
      int stock,
      String picture) {

    static Product read(ResultSet row) throws SQLException {
      String kind = row.getString("kind");
      String picture = row.getString("picture");
      return new Product(
          row.getLong("id"),
          row.getString("name"),
          kind,
          row.getString("description"),
          row.getBigDecimal("price"),
          row.getInt("stock"),
          picture == null ? "/static/" + kind + ".svg" : "/pictures/" + picture);
    }
  }

  /// What somebody looks for.
  ///
  /// @param q a part of the name or the description
  /// @param kind the kind; empty for all
  /// @param page the page, from 1 on
  record Search(
      @Default("") @Size(max = 80) String q,
      @Default("") String kind,
      @Default("1") @Min(1) @Max(1000) int page) {}

  /// Some of the products.
  record Found(List<Product> products, int page, int pages, long total) {}

  Found find(Search search) {
    String part = "%" + search.q().toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0") + "%";
    String which =
        " FROM product WHERE (lower(name) LIKE ? ESCAPE '!' OR lower(description) LIKE ? ESCAPE '!')"
            + " AND (kind = ? OR ? = '')";
    Object[] values = {part, part, search.kind(), search.kind()};
    return database.transaction(sql -> {
      long total = sql.number("SELECT count(*)" + which, values);
      String some = " ORDER BY id LIMIT %d OFFSET %d".formatted(PAGE, (search.page() - 1) * PAGE);
      var products = sql.list(Product::read, "SELECT *" + which + some, values);
      return new Found(products, search.page(), Math.ceilDiv((int) total, PAGE), total);
    });
  }

  List<Product> all() {
    return database.transaction(
        sql -> sql.list(Product::read, "SELECT * FROM product ORDER BY kind, name"));
  }

  Optional<Product> find(long id) {
    return database.transaction(sql -> find(sql, id));
  }

  private static Optional<Product> find(Sql sql, long id) {
    return sql.one(Product::read, "SELECT * FROM product WHERE id = ?", id);
  }

  /// What an admin says of a product.
  record Draft(
      @NotBlank @Size(max = 80) String name,
      @Pattern(regexp = "tea|pot|cup") String kind,
      @NotBlank @Size(max = 1000) String description,
      @NotNull @DecimalMin("0.01") @DecimalMax("99999.99") @Digits(integer = 5, fraction = 2)
          BigDecimal price,
      @Min(0) @Max(1_000_000) int stock) {}

  Product add(Draft draft) {
    return database.transaction(sql -> {
      long id =
          sql.insert(
              "INSERT INTO product (name, kind, description, price, stock) VALUES (?, ?, ?, ?, ?)",
              draft.name(),
              draft.kind(),
              draft.description(),
              draft.price(),
              draft.stock());
      return find(sql, id).orElseThrow();
    });
  }

  Optional<Product> change(long id, Draft draft) {
    var changed =
        database.transaction(sql -> {
          int _ =
              sql.update(
                  "UPDATE product SET name = ?, kind = ?, description = ?, price = ?, stock = ?"
                      + " WHERE id = ?",
                  draft.name(),
                  draft.kind(),
                  draft.description(),
                  draft.price(),
                  draft.stock(),
                  id);
          return find(sql, id);
        });
    live.stockChanged(id);
    return changed;
  }

  /// Gives a product a picture, by the name of its file.
  void picture(long id, String file) {
    int _ =
        database.transaction(
            sql -> sql.update("UPDATE product SET picture = ? WHERE id = ?", file, id));
  }
}
