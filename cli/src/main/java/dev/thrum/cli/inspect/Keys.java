package dev.thrum.cli.inspect;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The keys that are pressed, one by one.
final class Keys {
  /// How soon the rest of a key follows that sends several bytes.
  private static final Duration SAME_KEY = Duration.ofMillis(50);

  private static final int ESCAPE = 27;
  private static final int END = -1;

  private final BlockingQueue<Integer> bytes = new LinkedBlockingQueue<>();

  /// A key: a letter as it is, all others by name.
  record Key(String name) {
    static final Key UP = new Key("up");
    static final Key DOWN = new Key("down");
    static final Key PAGE_UP = new Key("page up");
    static final Key PAGE_DOWN = new Key("page down");
    static final Key OTHER = new Key("other");

    /// There will be no more.
    static final Key NONE = new Key("none");
  }

  private Keys() {}

  /// Begins to read. The thread ends with the input.
  static Keys of(InputStream in) {
    var keys = new Keys();
    Thread.ofPlatform().daemon().name("thrum-keys").start(() -> keys.read(in));
    return keys;
  }

  private void read(InputStream in) {
    try {
      int next;
      do {
        next = in.read();
        bytes.add(next);
      } while (next != END);
    } catch (IOException e) {
      bytes.add(END);
    }
  }

  /// Waits for a key.
  Optional<Key> next(Duration patience) {
    return nextByte(patience).map(this::key);
  }

  private Optional<Integer> nextByte(Duration patience) {
    try {
      return Optional.ofNullable(bytes.poll(patience.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Key key(int first) {
    return switch (first) {
      case END -> Key.NONE;
      case ESCAPE -> special();
      default -> new Key(Character.toString(first));
    };
  }

  /// What follows an escape: a bracket or an O, perhaps a number, and a last character.
  private Key special() {
    var sequence = new StringBuilder();
    Optional<Integer> next = nextByte(SAME_KEY);
    while (next.isPresent()) {
      if (next.get() == END) {
        bytes.add(END); // a key of its own
        break;
      }
      char c = (char) next.get().intValue();
      sequence.append(c);
      if (sequence.length() > 1 && (Character.isLetter(c) || c == '~')) {
        break;
      }
      next = nextByte(SAME_KEY);
    }
    return switch (sequence.toString()) {
      case "[A", "OA" -> Key.UP;
      case "[B", "OB" -> Key.DOWN;
      case "[5~" -> Key.PAGE_UP;
      case "[6~" -> Key.PAGE_DOWN;
      default -> Key.OTHER;
    };
  }
}
