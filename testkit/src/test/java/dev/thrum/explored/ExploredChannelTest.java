package dev.thrum.explored;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.timeoutOr;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.everyTiming;
import static dev.thrum.explored.Every.finds;
import static dev.thrum.explored.Every.findsByCancelling;
import static dev.thrum.explored.Every.together;
import static java.time.Duration.ofSeconds;
import static java.util.Comparator.naturalOrder;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.VoidBody;
import dev.thrum.channel.Channel;
import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.Overflow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExploredChannelTest {

  /// The kinds of channels.
  enum Kind {
    RENDEZVOUS,
    BUFFERED_1,
    BUFFERED_2,
    UNLIMITED,
    LATEST,
    PRIORITY,
    LIFO,
    NEWEST_DROPPED;

    Channel<Integer> create(Ledger ledger) {
      Channel.Builder<Integer> builder =
          Channel.<Integer>builder().onDiscard(ledger.discarded::add);
      return switch (this) {
        case RENDEZVOUS -> builder.capacity(0).build();
        case BUFFERED_1 -> builder.capacity(1).build();
        case BUFFERED_2 -> builder.capacity(2).build();
        case UNLIMITED -> builder.unlimited().build();
        case LATEST -> builder.capacity(1).overflow(Overflow.DROP_OLDEST).build();
        case PRIORITY -> builder.unlimited().priority(naturalOrder()).build();
        case LIFO -> builder.unlimited().lifo().build();
        case NEWEST_DROPPED -> builder.capacity(1).overflow(Overflow.DROP_NEWEST).build();
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void anItemIsReceivedOnceOrIsStillThere(Kind kind) {
    every(() -> {
      var ledger = new Ledger();
      var channel = kind.create(ledger);
      var one = channel.sender();
      var two = channel.sender();
      together(
          () -> {
            try (one) {
              ledger.send(one, 1);
            }
          },
          () -> {
            try (two) {
              ledger.send(two, 2);
            }
          },
          () -> ledger.receive(channel),
          () -> ledger.receive(channel));
      ledger.assertBalanced(channel);
    });
  }

  @ParameterizedTest
  @EnumSource
  void itemsOfOneSenderStayInOrder(Kind kind) {
    every(() -> {
      var ledger = new Ledger();
      var channel = kind.create(ledger);
      var one = channel.sender();
      var two = channel.sender();
      together(
          () -> {
            try (one) {
              ledger.send(one, 1, 2);
            }
          },
          () -> {
            try (two) {
              ledger.send(two, 3);
            }
          },
          () -> {
            try {
              ledger.receive(channel);
            } finally {
              channel.cancel();
            }
          });
      if (kind != Kind.LIFO && kind != Kind.PRIORITY) {
        var received = ledger.receivedOf(1, 2);
        assertEquals(received.stream().sorted().toList(), received);
      }
      ledger.assertBalanced(channel);
    });
  }

  @ParameterizedTest
  @EnumSource
  void whatIsRefusedAtTheEndHasNotBeenSent(Kind kind) {
    every(() -> {
      var ledger = new Ledger();
      var channel = kind.create(ledger);
      together(
          () -> ledger.send(channel, 1, 2),
          () -> ledger.receive(channel),
          () ->
              shield(() -> {
                checkpoint();
                channel.close();
              }));
      assertTrue(channel.isClosed());
      ledger.assertBalanced(channel);
      assertThrows(ChannelClosedException.class, channel::tryReceive);
      assertThrows(ChannelClosedException.class, () -> channel.send(3));
    });
  }

  @ParameterizedTest
  @EnumSource
  void whatComesAsTheTimeIsOverIsReceivedOrIsStillThere(Kind kind) {
    everyTiming(() -> {
      var ledger = new Ledger();
      var channel = kind.create(ledger);
      VoidBody<?> receive =
          () ->
              timeoutOr(
                  ofSeconds(1),
                  "nothing",
                  () -> {
                    ledger.received.add(channel.receive());
                    return "received";
                  });
      VoidBody<?> send =
          () ->
              timeoutOr(
                  ofSeconds(1),
                  "not sent",
                  () -> {
                    checkpoint();
                    ledger.send(channel, 1);
                    return "sent";
                  });
      together(receive, receive, send);
      ledger.assertBalanced(channel);
    });
  }

  @ParameterizedTest
  @EnumSource(names = {"RENDEZVOUS", "BUFFERED_1", "BUFFERED_2", "UNLIMITED"})
  void whoHasWaitedLongestGetsTheFirstItem(Kind kind) {
    every(() -> {
      var channel = kind.create(new Ledger());
      int[] come = new int[1];
      Map<Integer, Integer> received = new TreeMap<>();
      VoidBody<?> receive =
          () -> {
            int place = come[0]++;
            channel.next().ifPresent(item -> received.put(place, item));
          };
      together(
          receive,
          receive,
          receive,
          () -> {
            try (channel) {
              channel.send(1);
              channel.send(2);
            }
          });
      var items = List.copyOf(received.values());
      assertEquals(items.stream().sorted().toList(), items, received.toString());
    });
  }

  @ParameterizedTest
  @EnumSource(names = {"RENDEZVOUS", "BUFFERED_1"})
  void whoHasWaitedLongestToSendIsReceivedFirst(Kind kind) {
    every(() -> {
      var channel = kind.create(new Ledger());
      var line = new Line();
      var senders = List.of(channel.sender(), channel.sender(), channel.sender());
      List<VoidBody<?>> bodies = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int me = i;
        bodies.add(() -> {
          try (var out = senders.get(me)) {
            line.came(me);
            out.send(me);
          } catch (ChannelClosedException _) {
            // its receiver was cancelled
          }
        });
      }
      together(
          bodies.get(0),
          bodies.get(1),
          bodies.get(2),
          () -> {
            try {
              channel.forEach(line::served);
            } finally {
              channel.cancel();
            }
          });
      line.assertNobodyOvertook();
    });
  }

  @Test
  void aBufferHoldsNoMoreThanItsCapacity() {
    every(() -> {
      var channel = Channel.<Integer>buffered(1);
      VoidBody<?> send =
          () -> {
            try {
              if (!channel.trySend(0)) {
                assertEquals(1, channel.size());
                channel.send(1);
              }
              assertTrue(channel.size() <= 1);
            } catch (ChannelClosedException _) {
              // nobody receives any more
            }
          };
      VoidBody<?> receive =
          () -> {
            try {
              for (int i = 0; i < 3; i++) {
                var _ = channel.tryReceive();
                assertTrue(channel.size() <= 1);
                checkpoint();
              }
            } finally {
              channel.cancel();
            }
          };
      together(send, send, receive);
    });
  }

  @Test
  void theLeastIsReceivedFirst() {
    every(() -> {
      var channel = Channel.<Integer>priority(naturalOrder());
      var inside = new TreeSet<Integer>();
      together(
          () -> {
            put(channel, inside, 2);
            checkpoint();
            put(channel, inside, 1);
          },
          () -> {
            put(channel, inside, 3);
            checkpoint();
            put(channel, inside, 0);
          },
          () -> {
            for (int i = 0; i < 2; i++) {
              checkpoint();
              channel.tryReceive().ifPresent(item -> assertEquals(inside.pollFirst(), item));
            }
          });
      assertEquals(inside.size(), channel.size());
    });
  }

  private static void put(Channel<Integer> channel, java.util.Set<Integer> inside, int item) {
    channel.send(item);
    inside.add(item);
  }

  @Test
  void theNewestIsReceivedFirst() {
    every(() -> {
      var channel = Channel.<Integer>lifo();
      var inside = new ArrayDeque<Integer>();
      VoidBody<?> send =
          () -> {
            for (int i = 0; i < 2; i++) {
              channel.send(i);
              inside.push(i);
              checkpoint();
            }
          };
      together(
          send,
          send,
          () -> {
            for (int i = 0; i < 2; i++) {
              checkpoint();
              channel.tryReceive().ifPresent(item -> assertEquals(inside.pop(), item));
            }
          });
      assertEquals(inside.size(), channel.size());
    });
  }

  @Test
  void theLatestIsNeverMissed() {
    every(() -> {
      var channel = Channel.<Integer>latest();
      int[] seen = new int[1];
      int[] last = new int[1];
      int ended =
          together(
              () -> {
                for (int item : channel) {
                  assertTrue(item > seen[0]);
                  seen[0] = item;
                  checkpoint();
                }
              },
              () -> {
                try (channel) {
                  for (int item = 1; item <= 3; item++) {
                    channel.send(item);
                    last[0] = item;
                    checkpoint();
                  }
                }
              });
      if (ended == 2) {
        assertEquals(last[0], seen[0]);
      }
    });
  }

  @Test
  void aBatchThatIsCutShortIsNotLost() {
    everyTiming(() -> {
      var ledger = new Ledger();
      var channel = Channel.<Integer>unlimited();
      together(
          () -> ledger.received.addAll(channel.receiveUpTo(3, ofSeconds(1))),
          () -> ledger.send(channel, 1, 2),
          () -> {
            checkpoint();
            ledger.send(channel, 3);
          });
      ledger.assertBalanced(channel);
    });
  }

  @Test
  void anItemBetweenHasNextAndNextIsFound() {
    findsByCancelling(() -> {
      var ledger = new Ledger();
      var channel = Channel.<Integer>unlimited();
      together(
          () -> ledger.send(channel, 1),
          () -> {
            var items = channel.iterator();
            if (items.hasNext()) {
              checkpoint();
              ledger.received.add(items.next());
            }
          });
      ledger.assertBalanced(channel);
    });
  }

  @Test
  void aLookBeforeTheLeapIsFound() {
    finds(() -> {
      var channel = Channel.<Integer>unlimited();
      channel.send(1);
      VoidBody<?> take =
          () -> {
            if (channel.size() > 0) {
              checkpoint();
              channel.receive();
            }
          };
      together(take, take);
    });
  }
}
