package dev.thrum.http.internal;

import dev.thrum.internal.wait.Party;
import dev.thrum.net.internal.Input;
import dev.thrum.net.internal.Waiting;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What has come of a body and has not been read. The poller fills it and has the peer wait while
/// there is much in it; one task empties it.
public final class BodyQueue {
  private static final int MOST_UNREAD = 1 << 17;

  private final Object message;
  private final PolledChannel channel;
  private @Nullable Input input;
  private @Nullable Waiting waiting;
  private long came;
  private boolean ended;
  private boolean dropped;
  private boolean paused;
  private boolean whole;
  private @Nullable Exception failure;

  /// An empty one.
  ///
  /// @param message whose body it is, for people
  /// @param channel where it comes
  public BodyQueue(Object message, PolledChannel channel) {
    this.message = message;
    this.channel = channel;
  }

  // What comes: by the poller

  /// A part has come.
  ///
  /// @param part belongs to this from now on
  public void received(ByteBuf part) {
    came += part.readableBytes();
    if (dropped || failure != null) {
      part.release();
      return;
    }
    Input known = input;
    if (known == null) {
      known = new Input();
      input = known;
    }
    known.add(part);
    if (known.size() > MOST_UNREAD && !paused && !whole) {
      paused = true;
      channel.pause();
    }
    wake();
  }

  /// All of it has come.
  public void end() {
    ended = true;
    wake();
  }

  /// The rest will not come. Does nothing if it has, or if that is known.
  ///
  /// @param why the reason
  public void fail(Exception why) {
    if (!ended && failure == null) {
      failure = why;
      wake();
    }
  }

  private void wake() {
    if (waiting != null) {
      waiting.wakeAll();
    }
  }

  // How far it is

  /// Whether all of it has come.
  ///
  /// @return true once [#end()] was called
  public boolean isEnded() {
    return ended;
  }

  /// Why the rest will not come.
  ///
  /// @return the reason, or null
  public @Nullable Exception failure() {
    return failure;
  }

  /// How many bytes have come, read or not.
  ///
  /// @return the number
  public long came() {
    return came;
  }

  /// Whether there is nothing to be read now.
  ///
  /// @return true if all that has come has been read
  public boolean isEmpty() {
    return input == null || input.isEmpty();
  }

  // Who reads

  /// Nobody will read it any more.
  public void drop() {
    dropped = true;
    if (input != null) {
      input.clear();
    }
    resume();
  }

  /// It is wanted as a whole: the peer does not have to wait any more, whatever is unread.
  ///
  /// @param wanted whether somebody waits for all of it now
  public void wholeIsWanted(boolean wanted) {
    whole = wanted;
    if (wanted) {
      resume();
    }
  }

  private void resume() {
    if (paused) {
      paused = false;
      channel.resume();
    }
  }

  /// Takes what is there.
  ///
  /// @param max how much at the most
  /// @return the bytes, empty if there are none
  public byte[] take(int max) {
    Input known = input;
    if (known == null || known.isEmpty()) {
      return new byte[0];
    }
    byte[] taken = known.take(Math.min(max, known.size()));
    taken();
    return taken;
  }

  /// Takes what is there.
  ///
  /// @param to where to
  /// @param from the first place in it
  /// @param max how much at the most
  /// @return how much it was
  public int take(byte[] to, int from, int max) {
    Input known = input;
    int count = known == null ? 0 : Math.min(max, known.size());
    if (known != null && count > 0) {
      known.take(to, from, count);
      taken();
    }
    return count;
  }

  private void taken() {
    if (input != null && input.size() <= MOST_UNREAD / 2) {
      resume();
    }
  }

  private Waiting waiting() {
    Waiting known = waiting;
    if (known == null) {
      known = Waiting.on("the body of ", message, true);
      waiting = known;
    }
    return known;
  }

  /// Waits until something has happened.
  ///
  /// @param me the caller
  public void await(Party me) {
    var _ = waiting().await(me);
  }

  /// Waits until something has happened, or for a time.
  ///
  /// @param me the caller
  /// @param limit how long
  /// @return false if the time was over, or the caller is cancelled
  public boolean awaitFor(Party me, Duration limit) {
    return waiting().awaitFor(me, limit);
  }
}
