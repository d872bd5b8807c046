package dev.thrum.http;

import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A range of addresses, such as `10.0.0.0/8`.
///
/// @param address one of them
/// @param bits how many bits all have in common
record Network(InetAddress address, int bits) {

  /// Reads one.
  ///
  /// @param text an address, perhaps with `/` and a number of bits
  /// @throws IllegalArgumentException if it is none
  static Network of(String text) {
    int slash = text.indexOf('/');
    InetAddress address = literal(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw new IllegalArgumentException(text + " is no range of addresses such as 10.0.0.0/8");
    }
    int most = address.getAddress().length * 8;
    int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
    if (bits < 0 || bits > most) {
      throw new IllegalArgumentException(text + ": give 0 to " + most + " bits");
    }
    return new Network(address, bits);
  }

  /// An address in figures, or null: no name is looked up.
  static @Nullable InetAddress literal(String text) {
    boolean figures =
        text.indexOf(':') >= 0
            ? text.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.')
            : text.chars().filter(c -> c == '.').count() == 3
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '.');
    if (!figures) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] its = Objects.requireNonNull(other).getAddress();
    if (mine.length != its.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i & 7);
      if ((mine[i >> 3] & mask) != (its[i >> 3] & mask)) {
        return false;
      }
    }
    return true;
  }
}
