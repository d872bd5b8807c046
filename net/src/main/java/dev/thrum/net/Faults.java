package dev.thrum.net;

import dev.thrum.internal.Durations;
import dev.thrum.internal.PollerHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the network does to a pair in memory, for tests: it is slow, hands over a byte at a time,
/// falls silent, breaks. Everything can be changed while the pair is in use, and then holds for
/// what is sent, or has still to arrive, from there on.
///
/// ```java
/// Faults faults = Faults.create().delay(ofMillis(5), ofMillis(80)).partial(3);
/// Net.Pair pair = Net.pair(faults);
/// …
/// faults.drop(); // somebody has pulled the cable
/// …
/// faults.heal();
/// ```
///
/// One of these stands for the way in one direction, or in both, of any number of pairs; what
/// counts bytes counts those of each direction of each pair by themselves. A pair that is made
/// later begins with all that is set, but for what [#reset()] has done to others.
///
/// **Guarantees.** Bytes arrive in order and none twice, as with TCP; so does the end of a stream.
/// Time is the loop's own, which a test may replace. Whatever is left to chance is chosen by the
/// loop, so that a test that controls its choices controls these too. About 64 KiB are under way at
/// the most in one direction: beyond that a sender's bytes stay unsent, and it is held back.
/// Nothing of a pair stays behind when both ends are closed.
///
/// **Non-guarantees.** This is a stream with faults, no model of TCP: there is no slow start, no
/// retransmission that takes time, and no timeout by which a sender learns of a silence. What is
/// under way counts as sent, and arrives also if its sender has been closed meanwhile; of an end
/// that was aborted it is lost. That the other end is closed shows when bytes have arrived there
/// and the answer, a reset, has come back. There is no order between the two directions.
///
/// **Threads.** While a pair of it is open the tasks of that pair's loop may use it; from elsewhere
/// it is a `WrongThreadException`. Without one any thread may, one at a time.
public final class Faults {
  static final long NEVER = Long.MAX_VALUE;

  /// A delay between two others is one of so many and one more, evenly spread.
  private static final int STEPS = 16;

  private final List<FaultyWire> wires = new ArrayList<>();
  private @Nullable PollerHost host;
  private long leastDelay;
  private long mostDelay;
  private long bandwidth = NEVER;
  private int mostBytes = Integer.MAX_VALUE;
  private long dropAfter = NEVER;
  private long resetAfter = NEVER;
  private long endAfter = NEVER;

  private Faults() {}

  /// None, for the time being.
  ///
  /// @return a network without faults
  public static Faults create() {
    return new Faults();
  }

  /// How long everything takes to the other end: bytes, ends, resets.
  ///
  /// @param delay zero or more
  /// @return this
  public Faults delay(Duration delay) {
    return delay(delay, delay);
  }

  /// As [#delay(Duration)], another one each time: one of 17 evenly spread ones, these two among
  /// them. Nothing overtakes what was sent before.
  ///
  /// @param least zero or more
  /// @param most at least that
  /// @return this
  public Faults delay(Duration least, Duration most) {
    long from = Durations.nanos(Durations.check(least, "a delay"));
    long to = Durations.nanos(Durations.check(most, "a delay"));
    if (from > to) {
      throw new IllegalArgumentException("a delay from " + least + " to " + most + ": turn them");
    }
    check();
    leastDelay = from;
    mostDelay = to;
    return this;
  }

  /// How many bytes leave in a second.
  ///
  /// @param bytesPerSecond at least 1
  /// @return this
  public Faults bandwidth(long bytesPerSecond) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException(
          "a bandwidth of " + bytesPerSecond + " bytes per second: give at least 1");
    }
    check();
    bandwidth = bytesPerSecond;
    return this;
  }

  /// Hands over only so many bytes at a time, or less, in a turn of the loop: a reader that keeps
  /// up reads no more at once.
  ///
  /// @param most at least 1; a piece has from 1 to so many bytes
  /// @return this
  public Faults partial(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("pieces of " + most + " bytes: give at least 1");
    }
    check();
    mostBytes = most;
    return this;
  }

  /// Falls silent when so many more bytes have arrived: see [#drop()].
  ///
  /// @param bytes zero or more
  /// @return this
  public Faults dropAfter(long bytes) {
    dropAfter = checkCount(bytes);
    tell(wire -> wire.dropAfter(bytes));
    return this;
  }

  /// Ends the stream when so many more bytes have arrived: its reader reads to the end, and what is
  /// sent beyond that is lost without a word.
  ///
  /// @param bytes zero or more
  /// @return this
  public Faults endAfter(long bytes) {
    endAfter = checkCount(bytes);
    tell(wire -> wire.endAfter(bytes));
    return this;
  }

  /// Resets the connection when so many more bytes have arrived: see [#reset()].
  ///
  /// @param bytes zero or more
  /// @return this
  public Faults resetAfter(long bytes) {
    resetAfter = checkCount(bytes);
    tell(wire -> wire.resetAfter(bytes));
    return this;
  }

  /// Falls silent, as with a cable that was pulled: nothing arrives any more, no bytes, no end and
  /// no reset, and nobody is told. That holds for new pairs too.
  public void drop() {
    Faults _ = dropAfter(0);
  }

  /// Takes back [#drop()] and [#dropAfter], whether that has happened or not: what is under way
  /// arrives now, unless its delay is not over.
  public void heal() {
    check();
    dropAfter = NEVER;
    tell(FaultyWire::heal);
  }

  /// Resets every pair that is open: both ends see it at once, after what they have received
  /// before, and what is under way is lost, in both directions.
  public void reset() {
    check();
    tell(FaultyWire::reset);
  }

  private void tell(Consumer<FaultyWire> what) {
    List.copyOf(wires).forEach(what);
  }

  private void check() {
    if (host != null && !wires.isEmpty()) {
      host.checkHere(this);
    }
  }

  private long checkCount(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("after " + bytes + " bytes: give zero or more");
    }
    check();
    return bytes;
  }

  // For the wires

  /// A new wire goes this way.
  void begin(PollerHost loop, FaultyWire wire) {
    check();
    host = loop;
    wires.add(wire);
  }

  void apply(FaultyWire wire) {
    wire.dropAfter(dropAfter);
    wire.endAfter(endAfter);
    wire.resetAfter(resetAfter);
  }

  void end(FaultyWire wire) {
    wires.remove(wire);
  }

  long nextDelay(PollerHost loop) {
    long range = mostDelay - leastDelay;
    if (range == 0) {
      return leastDelay;
    }
    int step = loop.choose(STEPS + 1);
    return leastDelay + range / STEPS * step + range % STEPS * step / STEPS;
  }

  /// How long so many bytes take to leave.
  long nanosToSend(int bytes) {
    return bandwidth == NEVER ? 0 : Math.ceilDiv(bytes * 1_000_000_000L, bandwidth);
  }

  /// How many of so many bytes arrive next.
  int nextPiece(PollerHost loop, int bytes) {
    int most = Math.min(bytes, mostBytes);
    return isPartial() && most > 1 ? 1 + loop.choose(most) : most;
  }

  boolean isPartial() {
    return mostBytes != Integer.MAX_VALUE;
  }

  @Override
  public String toString() {
    return "faults of a pair in memory";
  }
}
