package dev.thrum.bench.web.server;

import java.util.List;

/// What `POST /json` is sent.
record Order(int id, Customer customer, List<Line> lines, String note, boolean express) {
  record Customer(String name, String email) {
    boolean valid() {
      return name != null
          && !name.isEmpty()
          && name.length() <= 100
          && email != null
          && email.contains("@");
    }
  }

  record Line(String sku, int quantity, double price) {
    boolean valid() {
      return sku != null && !sku.isEmpty() && quantity >= 1 && quantity <= 1000 && price >= 0;
    }
  }

  /// Whether it can be carried out; Jackson leaves out what is not in the text.
  boolean valid() {
    return id >= 1
        && customer != null
        && customer.valid()
        && lines != null
        && !lines.isEmpty()
        && lines.stream().allMatch(Line::valid);
  }

  Receipt receipt() {
    double total = 0;
    for (var line : lines) {
      total += line.quantity() * line.price();
    }
    return new Receipt(id, customer.name(), lines.size(), total, express);
  }
}
