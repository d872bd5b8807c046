/// One ticket is left, and two buyers want it. The shop looks whether there is one, charges the
/// buyer, which takes a while, and takes the ticket away.
///
/// In the order in which a loop runs them, the second buyer comes when the first has paid, and all
/// is well. `Explorer` runs the same program in other orders, until the shop has sold a ticket that
/// it did not have. Then it looks for the least that has to happen differently, and says it.
///
/// Prints that report, and that a shop which takes the ticket away first passes in every order.
import static dev.thrum.Async.*;

import dev.thrum.testkit.Explorer;

class Shop {
  int tickets = 1;

  void chargeFirst() {
    if (tickets > 0) {
      checkpoint(); // the bank answers
      tickets--;
    }
  }

  void reserveFirst() {
    if (tickets > 0) {
      tickets--;
      checkpoint();
    }
  }
}

void twoBuyers(Consumer<Shop> buy) {
  var shop = new Shop();
  scope(s -> {
    s.async("ada", () -> buy.accept(shop));
    s.async(
        "bob",
        () -> {
          checkpoint(); // bob comes a little later
          buy.accept(shop);
        });
  });
  if (shop.tickets < 0) {
    throw new IllegalStateException("sold one ticket twice");
  }
}

void main() {
  IO.println(Explorer.explore(() -> twoBuyers(Shop::chargeFirst)).report());
  IO.println(Explorer.explore(() -> twoBuyers(Shop::reserveFirst)).report());
}
