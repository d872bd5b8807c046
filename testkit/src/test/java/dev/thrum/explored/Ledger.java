package dev.thrum.explored;

import static dev.thrum.Async.checkpoint;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.Receiver;
import dev.thrum.channel.Sender;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What went into a channel, and what came out of it or is known to be lost.
final class Ledger {
  final List<Integer> sent = new ArrayList<>();
  final List<Integer> received = new ArrayList<>();
  final List<Integer> discarded = new ArrayList<>();

  /// Sends until the channel takes no more.
  void send(Sender<Integer> to, int... items) {
    try {
      for (int i = 0; i < items.length; i++) {
        if (i > 0) {
          checkpoint();
        }
        to.send(items[i]);
        sent.add(items[i]);
      }
    } catch (ChannelClosedException _) {
      // that item has not been sent
    }
  }

  void receive(Receiver<Integer> from) {
    for (int item : from) {
      received.add(item);
    }
  }

  /// Takes what is still there, and checks that nothing is missing or too much.
  void assertBalanced(Receiver<Integer> rest) {
    try {
      for (Optional<Integer> item = rest.tryReceive(); item.isPresent(); item = rest.tryReceive()) {
        received.add(item.get());
      }
    } catch (ChannelClosedException _) {
      // that was all
    }
    List<Integer> out = new ArrayList<>(received);
    out.addAll(discarded);
    assertEquals(sent.stream().sorted().toList(), out.stream().sorted().toList());
  }

  /// What of the given items was received, in that order.
  List<Integer> receivedOf(Integer... items) {
    List<Integer> found = new ArrayList<>(received);
    found.retainAll(List.of(items));
    return found;
  }
}
