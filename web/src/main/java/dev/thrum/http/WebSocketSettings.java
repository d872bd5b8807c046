package dev.thrum.http;

import java.time.Duration;
import java.util.List;

/// How a WebSocket is to be.
///
/// @param subprotocols what this side speaks, the best first; the first one that the other side
///   speaks too is taken
/// @param maxMessage the longest message that is accepted, in bytes; one that is longer closes the
///   WebSocket with 1009
/// @param deflate whether messages are compressed if the other side can do that
/// @param pingEvery how often a ping is sent when nothing else comes; a peer that answers none of
///   two is taken for gone; zero for never
/// @param headers headers of the response
public record WebSocketSettings(
    List<String> subprotocols,
    int maxMessage,
    boolean deflate,
    Duration pingEvery,
    Headers headers) {

  /// No sub-protocol, messages up to 1 MiB, compressed where possible, a ping every 20 seconds.
  public static final WebSocketSettings DEFAULT =
      new WebSocketSettings(List.of(), 1 << 20, true, Duration.ofSeconds(20), Headers.create());

  /// Settings.
  public WebSocketSettings {
    subprotocols = List.copyOf(subprotocols);
    if (maxMessage < 1) {
      throw new IllegalArgumentException("messages of " + maxMessage + " bytes: give at least 1");
    }
    if (pingEvery.isNegative()) {
      throw new IllegalArgumentException("a ping every " + pingEvery + ": give zero or more");
    }
  }

  /// The same with sub-protocols.
  ///
  /// @param names the best first
  /// @return settings
  public WebSocketSettings withSubprotocols(String... names) {
    return new WebSocketSettings(List.of(names), maxMessage, deflate, pingEvery, headers);
  }

  /// The same with another limit.
  ///
  /// @param bytes the longest message
  /// @return settings
  public WebSocketSettings withMaxMessage(int bytes) {
    return new WebSocketSettings(subprotocols, bytes, deflate, pingEvery, headers);
  }

  /// The same without compression.
  ///
  /// @return settings
  public WebSocketSettings withoutDeflate() {
    return new WebSocketSettings(subprotocols, maxMessage, false, pingEvery, headers);
  }

  /// The same with other pings.
  ///
  /// @param interval how often, zero for never
  /// @return settings
  public WebSocketSettings withPingEvery(Duration interval) {
    return new WebSocketSettings(subprotocols, maxMessage, deflate, interval, headers);
  }
}
