package dev.thrum;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Keeps account of items: every one that was sent came to one receiver, or was discarded, and
/// nothing else came.
final class Ledger {
  private final List<Producer> producers = new ArrayList<>();
  private final List<Consumer> consumers = new ArrayList<>();
  private final Queue<Item> discarded = new ConcurrentLinkedQueue<>();

  /// The nth item of one producer.
  record Item(int producer, int number) {
    @Override
    public String toString() {
      return producer + ":" + number;
    }
  }

  /// Numbers the items of one sender. An item that was not sent is offered again.
  static final class Producer {
    private final int id;
    private int sent;

    private Producer(int id) {
      this.id = id;
    }

    Item next() {
      return new Item(id, sent);
    }

    void sent() {
      sent++;
    }

    int count() {
      return sent;
    }
  }

  /// Takes down what one receiver gets.
  static final class Consumer {
    private final boolean ordered;
    private final List<Item> items = new ArrayList<>();
    private int[] last = {};

    private Consumer(boolean ordered) {
      this.ordered = ordered;
    }

    void got(Item item) {
      if (ordered) {
        checkOrder(item);
      }
      items.add(item);
    }

    private void checkOrder(Item item) {
      if (item.producer >= last.length) {
        int before = last.length;
        last = Arrays.copyOf(last, item.producer + 1);
        Arrays.fill(last, before, last.length, -1);
      }
      if (last[item.producer] >= item.number) {
        throw new AssertionError(
            item + " came after number " + last[item.producer] + " of the same sender");
      }
      last[item.producer] = item.number;
    }
  }

  Producer producer() {
    Producer producer = new Producer(producers.size());
    producers.add(producer);
    return producer;
  }

  /// One who receives.
  ///
  /// @param ordered whether the items of one sender come in its order
  Consumer consumer(boolean ordered) {
    Consumer consumer = new Consumer(ordered);
    consumers.add(consumer);
    return consumer;
  }

  /// From any thread.
  void discarded(Item item) {
    discarded.add(item);
  }

  /// When all have ended.
  void check() {
    List<int[]> times = new ArrayList<>();
    producers.forEach(producer -> times.add(new int[producer.sent]));
    consumers.forEach(consumer -> consumer.items.forEach(item -> count(times, item)));
    discarded.forEach(item -> count(times, item));
    for (Producer producer : producers) {
      int[] counted = times.get(producer.id);
      for (int number = 0; number < counted.length; number++) {
        Item item = new Item(producer.id, number);
        assertEquals(1, counted[number], () -> "how often " + item + " arrived");
      }
    }
  }

  private static void count(List<int[]> times, Item item) {
    int[] counted = times.get(item.producer);
    if (item.number >= counted.length) {
      throw new AssertionError(item + " arrived, though sending it was cancelled or failed");
    }
    counted[item.number]++;
  }
}
