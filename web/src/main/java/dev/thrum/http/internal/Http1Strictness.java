package dev.thrum.http.internal;

import io.netty.handler.codec.http.HttpDecoderConfig;

/// What both sides of HTTP/1 ask of Netty's parser.
public final class Http1Strictness {
  private static final int MOST_AT_A_TIME = 1 << 16;

  private Http1Strictness() {}

  /// A parser that refuses what two programs in a row could take for different things.
  ///
  /// @param maxLine the longest first line, in bytes
  /// @param maxHeader all headers together, in bytes
  /// @return its settings
  public static HttpDecoderConfig config(int maxLine, int maxHeader) {
    return new HttpDecoderConfig()
        .setMaxInitialLineLength(maxLine)
        .setMaxHeaderSize(maxHeader)
        .setMaxChunkSize(MOST_AT_A_TIME)
        .setStrictLineParsing(true)
        .setUseRfc9112TransferEncoding(true)
        .setAllowDuplicateContentLengths(false);
  }
}
