package dev.thrum.bench.web.server;

import java.io.InputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// Jackson, for the servers that have no JSON of their own.
final class Json {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final ObjectReader ORDERS = MAPPER.readerFor(Order.class);

  private Json() {}

  static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /// @throws IllegalArgumentException if it is no order, or one that cannot be carried out
  static Order order(InputStream body) {
    Order order;
    try {
      order = ORDERS.readValue(body);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(e);
    }
    if (!order.valid()) {
      throw new IllegalArgumentException("an order that cannot be carried out");
    }
    return order;
  }
}
