package dev.thrum.net;

import static dev.thrum.Async.async;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.now;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static dev.thrum.net.Link.fill;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.DeadlockException;
import dev.thrum.Loop;
import dev.thrum.Runner;
import dev.thrum.Task;
import dev.thrum.internal.PollerHost;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/// A network that misbehaves, in virtual time.
class FaultsTest {
  private final Faults faults = Faults.create();

  private interface Both {
    void run(Connection here, Connection peer) throws Exception;
  }

  /// Runs a body with two ends, and checks that nothing is left of them once they are aborted.
  private void use(Both body) throws Exception {
    use(faults, faults, body);
  }

  private static void use(Faults there, Faults back, Both body) throws Exception {
    VirtualTime.run(() -> {
      Net.Pair pair = Net.pair(there, back);
      body.run(pair.first(), pair.second());
      pair.first().abort();
      pair.second().abort();
      checkpoint(); // the poller closes what TLS is in front of
      checkpoint();
      assertTrue(((PollerHost) Loop.current()).timers().isEmpty(), "a timer is left");
    });
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  private static Duration since(Instant start) {
    return Duration.between(start, now());
  }

  private static void assertSilent(Connection from) {
    assertThrows(TimeoutException.class, () -> timeout(ofHours(1), () -> from.read(1)));
  }

  private static void assertReset(Connection from) {
    var thrown = assertThrows(SocketException.class, () -> from.read(1));
    assertEquals("reading from " + from + ": Connection reset by peer", thrown.getMessage());
  }

  // Slow

  @Test
  void withoutFaultsItIsAPairLikeOthers() throws Exception {
    use((here, peer) -> {
      Instant start = now();
      here.write("there\n");
      assertEquals("there", peer.readLine().orElseThrow());
      peer.write("back");
      peer.close();
      assertEquals("back", here.readString());
      assertEquals(ZERO, since(start));
    });
  }

  @Test
  void everythingTakesItsTimeInEachDirection() throws Exception {
    use(
        Faults.create().delay(ofMillis(20)),
        Faults.create().delay(ofSeconds(3)),
        (here, peer) -> {
          Instant start = now();
          here.write("question");
          assertEquals("question", text(peer.read(99)));
          assertEquals(ofMillis(20), since(start));
          peer.write("answer");
          peer.closeOutput();
          assertEquals("answer", here.readString());
          assertEquals(ofMillis(3020), since(start));
          here.abort();
          assertReset(peer);
          assertEquals(ofMillis(3040), since(start));
        });
  }

  @Test
  void whatIsWrittenTogetherTravelsTogether() throws Exception {
    faults.delay(ofMillis(50));
    use((here, peer) -> {
      Instant start = now();
      for (int i = 0; i < 100; i++) {
        here.write("x");
      }
      assertEquals(100, peer.readExactly(100).length);
      assertEquals(ofMillis(50), since(start));
    });
  }

  @Test
  void aDelayOfManySizesKeepsItsBoundsAndTheOrder() throws Exception {
    faults.delay(ofMillis(10), ofMillis(26));
    use((here, peer) -> {
      Set<Duration> seen = new TreeSet<>();
      for (int i = 0; i < 400; i++) {
        Instant start = now();
        here.write(i + "\n");
        assertEquals(i + "", peer.readLine().orElseThrow());
        seen.add(since(start));
      }
      for (int i = 0; i < 100; i++) {
        here.write(i + "\n");
        sleep(ofMillis(1));
      }
      for (int i = 0; i < 100; i++) {
        assertEquals(i + "", peer.readLine().orElseThrow());
      }
      assertEquals(17, seen.size(), "all of them");
      assertTrue(seen.contains(ofMillis(10)) && seen.contains(ofMillis(26)), seen.toString());
    });
  }

  @Test
  void theBandwidthIsWhatLeavesInASecond() throws Exception {
    faults.bandwidth(1000).delay(ofMillis(100));
    use((here, peer) -> {
      Instant start = now();
      here.write(new byte[250]);
      here.write(new byte[500]);
      here.closeOutput();
      assertEquals(250, peer.read(9999).length);
      assertEquals(ofMillis(350), since(start));
      assertEquals(500, peer.read(9999).length);
      assertEquals(ofMillis(850), since(start));
      assertEquals(0, peer.read(9999).length);
      assertEquals(ofMillis(850), since(start));
    });
  }

  @Test
  void theLongestTimesDoNotOverflow() throws Exception {
    faults.delay(ofSeconds(Long.MAX_VALUE)).bandwidth(1);
    use((here, peer) -> {
      here.write("a");
      here.write("b");
      assertSilent(peer);
    });
  }

  // In pieces

  @Test
  void aWriteComesInPiecesOfAtMostSoManyBytes() throws Exception {
    faults.partial(3);
    byte[] all = new byte[3000];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    use((here, peer) -> {
      here.write(all);
      Set<Integer> sizes = new TreeSet<>();
      for (int at = 0; at < all.length; ) {
        byte[] some = peer.read(9999);
        sizes.add(some.length);
        assertArrayEquals(Arrays.copyOfRange(all, at, at + some.length), some);
        at += some.length;
      }
      assertEquals(Set.of(1, 2, 3), sizes);
    });
  }

  @Test
  void byteByByteItTakesNoLongerThanAtOnce() throws Exception {
    faults.partial(1).delay(ofMillis(7));
    use((here, peer) -> {
      Instant start = now();
      here.write("abc");
      assertEquals("a", text(peer.read(9)));
      assertEquals("b", text(peer.read(9)));
      assertEquals("c", text(peer.read(9)));
      assertEquals(ofMillis(7), since(start));
    });
  }

  // Held back

  @Test
  void whoeverWritesToASlowPeerIsHeldBack() throws Exception {
    faults.delay(ofHours(1));
    use((here, peer) -> {
      long accepted = fill(here);
      assertTrue(accepted > here.unsent() && accepted < 300_000, accepted + " bytes");
      var reading = async(() -> peer.readExactly((int) accepted));
      assertEquals(accepted, reading.await().length);
      here.flush();
    });
  }

  // Silent

  @Test
  void inASilenceNothingArrivesUntilItIsOver() throws Exception {
    use((here, peer) -> {
      here.write("before ");
      assertEquals("before ", text(peer.read(99)));
      faults.drop();
      here.write("meanwhile ");
      assertSilent(peer);
      assertTrue(fill(here) < 300_000);
      faults.heal();
      assertEquals("meanwhile ", text(peer.readExactly(10)));
    });
  }

  @Test
  void whatIsUnderWayDoesNotArriveInASilenceEither() throws Exception {
    faults.delay(ofMillis(10));
    use((here, peer) -> {
      here.write("late");
      sleep(ofMillis(5));
      faults.drop();
      assertSilent(peer);
      Instant healed = now();
      faults.heal();
      assertEquals("late", text(peer.read(99)));
      assertEquals(ZERO, since(healed));
    });
  }

  @Test
  void itFallsSilentAfterSoManyBytesOfEachDirection() throws Exception {
    faults.dropAfter(4).partial(9);
    use((here, peer) -> {
      here.write("123456");
      peer.write("abcdef");
      assertEquals("1234", text(peer.readExactly(4)));
      assertEquals("abcd", text(here.readExactly(4)));
      assertSilent(peer);
      assertSilent(here);
      faults.heal();
      assertEquals("56", text(peer.readExactly(2)));
      faults.dropAfter(1);
      here.write("789");
      assertEquals("7", text(peer.read(9)));
      assertSilent(peer);
    });
  }

  @Test
  void oneDirectionCanBeSilentAlone() throws Exception {
    Faults back = Faults.create();
    use(
        faults,
        back,
        (here, peer) -> {
          faults.drop();
          here.write("lost");
          peer.write("arrives");
          assertEquals("arrives", text(here.read(99)));
          assertSilent(peer);
        });
  }

  @Test
  void nobodyHearsOfACloseInASilence() throws Exception {
    use((here, peer) -> {
      faults.drop();
      here.write("last words");
      Instant start = now();
      here.close(); // as far as it knows
      assertEquals(ZERO, since(start));
      assertSilent(peer);
      faults.heal();
      assertEquals("last words", peer.readString());
    });
  }

  @Test
  void nobodyHearsOfAnAbortInASilence() throws Exception {
    use((here, peer) -> {
      faults.drop();
      here.abort();
      assertSilent(peer);
      faults.heal();
      assertReset(peer);
    });
  }

  @Test
  void whatDoesNotFitUnderWayIsLostByAClose() throws Exception {
    use((here, _) -> {
      faults.drop();
      fill(here);
      Instant start = now();
      assertThrows(IOException.class, here::close);
      assertEquals(ofSeconds(30), since(start), "it lingers");
    });
  }

  @Test
  void aSilenceHoldsForWhoeverComesLater() throws Exception {
    use((_, _) -> {
      faults.drop();
      Net.Pair other = Net.pair(faults);
      other.first().write("x");
      assertSilent(other.second());
      faults.heal();
      assertEquals("x", text(other.second().read(9)));
      other.first().abort();
      other.second().abort();
    });
  }

  @Test
  void whenEverybodyWaitsInASilenceItIsADeadlock() {
    assertThrows(
        DeadlockException.class,
        () ->
            use((here, peer) -> {
              faults.drop();
              here.write("x");
              peer.read(1);
            }));
  }

  // Broken

  @Test
  void aResetIsSeenAtBothEndsAfterWhatHasArrived() throws Exception {
    faults.delay(ofMillis(10));
    use((here, peer) -> {
      here.write("arrived");
      Link.untilAvailable(peer, 7);
      here.write("lost");
      peer.write("lost too");
      faults.reset();
      assertEquals("arrived", text(peer.read(99)));
      assertReset(peer);
      assertReset(here);
      var thrown = assertThrows(SocketException.class, () -> here.write("x"));
      assertEquals("writing to " + here + ": Connection reset by peer", thrown.getMessage());
      here.close();
      peer.close();
    });
  }

  @Test
  void aResetEndsTheWaitsOfThoseWhoReadAndWrite() throws Exception {
    use((here, _) -> {
      Task<?> reader = async(() -> here.read(1));
      Task<?> writer = async(() -> here.write(new byte[1 << 20]));
      sleep(ofMillis(1));
      faults.drop(); // which does not keep it from being reset
      faults.reset();
      assertThrows(SocketException.class, reader::await);
      assertThrows(SocketException.class, writer::await);
    });
  }

  @Test
  void aResetEndsACloseThatWaits() throws Exception {
    faults.delay(ofHours(1));
    use((here, _) -> {
      fill(here);
      Instant start = now();
      Task<?> closer = async(() -> here.close());
      checkpoint();
      faults.reset();
      assertThrows(IOException.class, closer::await); // something was lost
      assertEquals(ZERO, since(start));
    });
  }

  @Test
  void itIsResetAfterSoManyBytes() throws Exception {
    faults.resetAfter(4);
    use((here, peer) -> {
      here.write("123456");
      assertEquals("1234", text(peer.readExactly(4)));
      assertReset(peer);
      assertReset(here);
      here.abort();
      peer.abort();
      Net.Pair next = Net.pair(faults); // each one anew
      next.second().write("12345");
      assertEquals("1234", text(next.first().readExactly(4)));
      assertReset(next.first());
      next.first().abort();
      next.second().abort();
    });
  }

  @Test
  void itEndsAfterSoManyBytes() throws Exception {
    Faults cut = Faults.create().endAfter(5);
    use(
        cut,
        faults,
        (here, peer) -> {
          here.write("half a message");
          assertEquals("half ", peer.readString());
          here.write(new byte[1 << 20]); // lost without a word
          peer.write("are you there?\n");
          assertEquals("are you there?", here.readLine().orElseThrow());
          here.close();
        });
  }

  // Ending, as with other connections

  @Test
  void whatIsUnderWayArrivesAfterItsSenderWasClosed() throws Exception {
    faults.delay(ofMillis(10)).partial(2);
    use((here, peer) -> {
      scope(s -> {
        here.write("good bye");
        s.cancel("test");
        here.close();
      });
      assertEquals("good bye", peer.readString());
    });
  }

  @Test
  void whatArrivesAtAClosedEndComesBackAsAReset() throws Exception {
    faults.delay(ofMillis(10));
    use((here, peer) -> {
      peer.close();
      here.write("anybody there?");
      assertEquals(0, here.read(1).length);
      sleep(ofMillis(11));
      assertThrows(SocketException.class, () -> here.write("no"));
    });
  }

  @Test
  void thatResetComesAlsoToWhoeverDoesNotRead() throws Exception {
    use((here, peer) -> {
      peer.write(new byte[190_000]); // as much as is kept for it, and some more
      peer.close();
      assertThrows(
          SocketException.class,
          () -> {
            while (true) {
              here.write("anybody there?");
              sleep(ofMillis(1));
            }
          });
      assertEquals(190_000, here.readExactly(190_000).length);
    });
  }

  @Test
  void whatIsLostHoldsNobodyUp() throws Exception {
    Faults cut = Faults.create().endAfter(131_072); // from there on a peer that does not read waits
    use(
        cut,
        faults,
        (here, _) -> {
          here.write(new byte[1 << 20]);
          here.flush();
        });
  }

  @Test
  void aPairThatIsClosedHasNothingUnderWay() throws Exception {
    faults.delay(ofHours(1)).partial(1);
    use((here, peer) -> {
      Instant start = now();
      here.write("never read");
      here.close();
      peer.write("neither");
      peer.close();
      assertTrue(((PollerHost) Loop.current()).timers().isEmpty());
      assertEquals(ZERO, since(start));
    });
  }

  // TLS

  @Test
  void tlsGoesOverASlowNetworkInPieces() throws Exception {
    faults.delay(ofMillis(10), ofMillis(30)).partial(50);
    use((here, peer) -> {
      here.write("STARTTLS\n");
      assertEquals("STARTTLS", peer.readLine().orElseThrow());
      Instant start = now();
      Secured.secure(
          new Net.Pair(here, peer), Secured.EPOLL_JDK.client(), Secured.EPOLL_JDK.server());
      Duration took = since(start);
      assertTrue(took.compareTo(ofMillis(30)) >= 0, "three ways, not " + took);
      assertTrue(took.compareTo(ofSeconds(1)) < 0, "not " + took);
      here.write(new byte[100_000]);
      assertEquals(100_000, peer.readExactly(100_000).length);
      peer.write("secret\n");
      assertEquals("secret", here.readLine().orElseThrow());
      here.close();
      assertEquals(0, peer.readAll().length);
    });
  }

  @Test
  void aHandshakeInASilenceTimesOut() throws Exception {
    use((here, _) -> {
      faults.dropAfter(100);
      Instant start = now();
      Tls client = Secured.EPOLL_JDK.client().handshakeTimeout(ofSeconds(7));
      assertThrows(SSLHandshakeException.class, () -> here.startTls(client, "localhost"));
      assertEquals(ofSeconds(7), since(start));
    });
  }

  @Test
  void aStreamOfTlsThatIsCutOffIsNoWholeOne() throws Exception {
    use((here, peer) -> {
      Secured.secure(
          new Net.Pair(here, peer), Secured.EPOLL_JDK.client(), Secured.EPOLL_JDK.server());
      here.write("the wh");
      assertEquals("the wh", text(peer.readExactly(6)));
      faults.endAfter(0);
      here.write("ole");
      here.close();
      assertThrows(SSLException.class, peer::readAll);
    });
  }

  @Test
  void everybodyWhoWaitsOverTlsInMemoryIsADeadlock() {
    assertThrows(
        DeadlockException.class,
        () ->
            use((here, peer) -> {
              Secured.secure(
                  new Net.Pair(here, peer), Secured.EPOLL_JDK.client(), Secured.EPOLL_JDK.server());
              here.write("x");
              assertEquals("x", text(peer.read(9)));
              peer.read(1);
            }));
  }

  // Use

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> faults.delay(ofNanos(-1)));
    assertThrows(IllegalArgumentException.class, () -> faults.delay(ofMillis(2), ofMillis(1)));
    assertThrows(IllegalArgumentException.class, () -> faults.bandwidth(0));
    assertThrows(IllegalArgumentException.class, () -> faults.partial(0));
    assertThrows(IllegalArgumentException.class, () -> faults.dropAfter(-1));
    assertThrows(IllegalArgumentException.class, () -> faults.endAfter(-1));
    assertThrows(IllegalArgumentException.class, () -> faults.resetAfter(-1));
  }

  @Test
  void itBelongsToTheLoopOfItsPairs() throws Exception {
    use((_, _) ->
        blocking(() -> {
          assertThrows(WrongThreadException.class, faults::drop);
          assertThrows(
              WrongThreadException.class, () -> Runner.builder().run(() -> Net.pair(faults)));
        }));
    use((here, peer) -> {
      here.write("a later loop may have it");
      assertTrue(peer.read(1).length > 0);
    });
  }
}
