package dev.thrum.explored;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.timeoutOr;
import static dev.thrum.explored.Every.every;
import static dev.thrum.explored.Every.everyTiming;
import static dev.thrum.explored.Every.findsByCancelling;
import static dev.thrum.explored.Every.together;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.channel.Broadcast;
import dev.thrum.channel.ChannelClosedException;
import dev.thrum.channel.ChannelFullException;
import dev.thrum.channel.Overflow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExploredBroadcastTest {

  /// Sends to all until nobody is to hear more.
  private static void send(Broadcast<Integer> to, List<Integer> sent, int... items) {
    try {
      for (int item : items) {
        to.send(item);
        sent.add(item);
      }
    } catch (ChannelClosedException _) {
      // that item has not been sent
    }
  }

  private static void read(Broadcast.Reader<Integer> reader, List<Integer> into) {
    try (reader) {
      for (int item : reader) {
        into.add(item);
      }
    }
  }

  @Test
  void everyReaderGetsEveryItemInOrder() {
    every(() -> {
      var news = Broadcast.<Integer>create(1);
      var one = news.subscribe();
      var two = news.subscribe();
      List<Integer> sent = new ArrayList<>();
      List<Integer> byOne = new ArrayList<>();
      List<Integer> byTwo = new ArrayList<>();
      int ended =
          together(
              () -> read(one, byOne),
              () -> read(two, byTwo),
              () -> {
                try (news) {
                  send(news, sent, 1, 2);
                }
              });
      var longer = byOne.size() > byTwo.size() ? byOne : byTwo;
      var shorter = byOne.size() > byTwo.size() ? byTwo : byOne;
      assertEquals(sent, longer);
      assertEquals(longer.subList(0, shorter.size()), shorter);
      if (ended == 3) {
        assertEquals(longer, shorter);
      }
      assertEquals(0, news.readers());
    });
  }

  @Test
  void twoSendersAreHeardInOneOrder() {
    every(() -> {
      var news = Broadcast.<Integer>create(2);
      var one = news.subscribe();
      var two = news.subscribe();
      List<Integer> byOne = new ArrayList<>();
      List<Integer> byTwo = new ArrayList<>();
      together(
          () -> news.send(1),
          () -> news.send(2),
          () -> byOne.addAll(one.receiveUpTo(2, ofSeconds(1))),
          () -> byTwo.addAll(two.receiveUpTo(2, ofSeconds(1))));
      if (byOne.size() == 2 && byTwo.size() == 2) {
        assertEquals(byOne, byTwo);
      }
    });
  }

  @Test
  void aSlowReaderKnowsWhatItHasMissed() {
    every(() -> {
      var news = Broadcast.<Integer>create(1, Overflow.DROP_OLDEST);
      var reader = news.subscribe();
      List<Integer> sent = new ArrayList<>();
      List<Integer> read = new ArrayList<>();
      together(
          () -> {
            for (int item : reader) {
              read.add(item);
              checkpoint();
            }
          },
          () -> {
            try (news) {
              for (int item = 1; item <= 3; item++) {
                send(news, sent, item);
                checkpoint();
              }
            }
          });
      reader.forEach(read::add);
      assertEquals(sent.size(), read.size() + reader.missed());
      assertEquals(read.stream().sorted().toList(), read);
    });
  }

  @Test
  void aReaderThatIsTooSlowIsOutAndHoldsUpNobody() {
    every(() -> {
      var news = Broadcast.<Integer>create(1, Overflow.FAIL);
      var reader = news.subscribe();
      List<Integer> sent = new ArrayList<>();
      boolean[] out = new boolean[1];
      int ended =
          together(
              () -> {
                try {
                  for (int item : reader) {
                    assertTrue(item > 0);
                    checkpoint();
                  }
                } catch (ChannelFullException _) {
                  out[0] = true;
                }
              },
              () -> {
                try (news) {
                  send(news, sent, 1, 2, 3);
                }
              });
      if (ended == 2) {
        assertEquals(List.of(1, 2, 3), sent);
        assertTrue(out[0]);
      }
    });
  }

  @Test
  void whatWasNotSentInTimeNobodyHears() {
    everyTiming(() -> {
      var news = Broadcast.<Integer>create(1);
      var reader = news.subscribe();
      List<Integer> sent = new ArrayList<>();
      List<Integer> read = new ArrayList<>();
      together(
          () -> {
            try (news) {
              timeoutOr(
                  ofSeconds(1),
                  "not sent",
                  () -> {
                    send(news, sent, 1, 2, 3);
                    return "sent";
                  });
            }
          },
          () -> {
            checkpoint();
            read.add(reader.receive());
          });
      for (int item : reader) {
        read.add(item);
      }
      assertEquals(sent, read);
    });
  }

  @Test
  void aReaderThatIsLeftOpenIsFound() {
    findsByCancelling(() -> {
      var news = Broadcast.<Integer>create(1);
      var reader = news.subscribe();
      together(
          () -> {
            for (int item : reader) {
              assertTrue(item > 0);
              checkpoint();
            }
          },
          () -> {
            try (news) {
              send(news, new ArrayList<>(), 1, 2, 3);
            }
          });
    });
  }
}
