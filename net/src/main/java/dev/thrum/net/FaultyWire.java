package dev.thrum.net;

import dev.thrum.Loop;
import dev.thrum.internal.PollerHost;
import dev.thrum.internal.Timer;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/// One end of a connection in memory whose peer is behind a network with [Faults].
///
/// What is sent is under way until it is due, and arrives by a timer of the loop, in a later turn
/// than that of its sender. As with a socket, what is under way is sent as far as the sender is
/// concerned, which may be closed meanwhile.
final class FaultyWire extends MemoryWire {
  private static final int MOST_UNDER_WAY = 1 << 16;

  /// What is under way.
  private sealed interface Cargo {
    long due();
  }

  private record Bytes(ByteBuf data, long due) implements Cargo {}

  private record EndOfStream(long due) implements Cargo {}

  private record Reset(long due) implements Cargo {}

  private final PollerHost host;
  private final Faults faults;
  private final ArrayDeque<Cargo> underWay = new ArrayDeque<>();
  private final Timer arrival =
      new Timer() {
        @Override
        protected void fire() {
          arriveDue();
        }
      };

  private int bytesUnderWay;

  /// When the last bytes have left.
  private long free;

  /// When the last cargo is due.
  private long last;

  private long arrived;
  private long dropAt = Faults.NEVER;
  private long endAt = Faults.NEVER;
  private long resetAt = Faults.NEVER;
  private boolean silent;
  private boolean ended;

  private FaultyWire(PollerHost host, String name, Faults faults) {
    super(name);
    this.host = host;
    this.faults = faults;
  }

  static Net.Pair pair(Faults there, Faults back, Settings settings) {
    PollerHost host = (PollerHost) Loop.current();
    FaultyWire one = new FaultyWire(host, "in memory, first end", there);
    FaultyWire two = new FaultyWire(host, "in memory, second end", back);
    there.begin(host, one);
    back.begin(host, two);
    Net.Pair pair = pair(host, one, two, settings);
    there.apply(one);
    back.apply(two);
    return pair;
  }

  private FaultyWire other() {
    return (FaultyWire) peer();
  }

  // On the way

  /// A sender does not know what has become of its peer.
  @Override
  boolean refuses() {
    return false;
  }

  @Override
  boolean hasRoom() {
    return bytesUnderWay < MOST_UNDER_WAY;
  }

  @Override
  void carry(ByteBuf data) {
    int count = data.readableBytes();
    bytesUnderWay += count;
    free = after(Math.max(host.nanos(), free), faults.nanosToSend(count));
    underWay.add(new Bytes(data, nextDue(free)));
  }

  @Override
  void carryEnd() {
    underWay.add(new EndOfStream(nextDue(host.nanos())));
  }

  @Override
  void carryReset() {
    dropUnderWay();
    addReset();
  }

  private void addReset() {
    underWay.add(new Reset(nextDue(host.nanos())));
    setTimer();
  }

  private long nextDue(long from) {
    last = Math.max(last, after(from, faults.nextDelay(host)));
    return last;
  }

  private static long after(long time, long nanos) {
    long at = time + nanos;
    return at < 0 ? Long.MAX_VALUE - 1 : at;
  }

  @Override
  void pump() {
    super.pump();
    setTimer();
  }

  private void setTimer() {
    Cargo first = underWay.peek();
    if (first == null || isHeldUp(first)) {
      host.timers().unset(arrival);
    } else if (!arrival.isSet() || arrival.due() != first.due()) {
      host.timers().set(arrival, first.due());
    }
  }

  private boolean isHeldUp(Cargo cargo) {
    return silent || (cargo instanceof Bytes && isHeldBack());
  }

  /// Bytes wait for a peer that does not read, unless nobody needs them or a reset is behind them.
  private boolean isHeldBack() {
    return peer().isPaused()
        && !peer().isClosed()
        && !ended
        && !(underWay.peekLast() instanceof Reset);
  }

  @Override
  void peerDied() {
    if (isClosed()) {
      forgetWay();
      other().forgetWay();
    } else {
      setTimer();
    }
  }

  private void forgetWay() {
    dropUnderWay();
    setTimer();
    faults.end(this);
  }

  private void dropUnderWay() {
    for (Cargo cargo : underWay) {
      if (cargo instanceof Bytes(ByteBuf data, _)) {
        data.release();
      }
    }
    underWay.clear();
    bytesUnderWay = 0;
    last = 0;
  }

  // At the other end

  /// In one turn, everything that is due; of what comes in pieces, one.
  private void arriveDue() {
    Cargo first = underWay.peek();
    while (first != null && first.due() <= host.nanos() && !isHeldUp(first)) {
      arrive(first);
      first = faults.isPartial() ? null : underWay.peek();
    }
    pump();
  }

  private void arrive(Cargo cargo) {
    switch (cargo) {
      case Bytes(ByteBuf data, _) -> arriveSome(data);
      case EndOfStream _ -> {
        underWay.remove();
        endOnce();
      }
      case Reset _ -> {
        underWay.remove();
        peer().arriveReset();
      }
    }
  }

  private void arriveSome(ByteBuf data) {
    int all = data.readableBytes();
    int count = (int) Math.min(faults.nextPiece(host, all), nextMark() - arrived);
    if (count == all) {
      underWay.remove();
    }
    ByteBuf piece = count == all ? data : data.readRetainedSlice(count);
    bytesUnderWay -= count;
    arrived += count;
    if (ended) {
      piece.release();
    } else if (peer().isClosed()) {
      piece.release();
      dropUnderWay();
      other().addReset();
    } else {
      peer().arrive(piece);
    }
    lookForMarks();
  }

  private void endOnce() {
    if (!ended) {
      ended = true;
      peer().arriveEnd();
    }
  }

  // What the faults say

  private long nextMark() {
    return Math.min(dropAt, Math.min(endAt, resetAt));
  }

  private void lookForMarks() {
    if (arrived >= endAt) {
      endAt = Faults.NEVER;
      endOnce();
    }
    if (arrived >= dropAt) {
      dropAt = Faults.NEVER;
      silent = true;
      setTimer();
    }
    if (arrived >= resetAt) {
      reset();
    }
  }

  private long mark(long bytes) {
    return bytes == Faults.NEVER ? bytes : after(arrived, bytes);
  }

  void dropAfter(long bytes) {
    dropAt = mark(bytes);
    lookForMarks();
  }

  void endAfter(long bytes) {
    endAt = mark(bytes);
    lookForMarks();
  }

  void resetAfter(long bytes) {
    resetAt = mark(bytes);
    lookForMarks();
  }

  void heal() {
    dropAt = Faults.NEVER;
    silent = false;
    setTimer();
  }

  /// Both ends at once.
  void reset() {
    resetAt = Faults.NEVER;
    dropUnderWay();
    other().dropUnderWay();
    collapse();
    other().collapse();
  }
}
