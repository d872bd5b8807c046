package dev.thrum.http;

import io.netty.handler.codec.http.HttpResponseStatus;

/// The words of a status.
public final class Status {
  private Status() {}

  /// What a status means, as its specification says.
  ///
  /// @param status the number
  /// @return such as `Not Found`
  public static String reason(int status) {
    return HttpResponseStatus.valueOf(status).reasonPhrase();
  }

  /// Whether a response of this status never has a body.
  ///
  /// @param status the number
  /// @return true for 1xx, 204 and 304
  public static boolean isWithoutBody(int status) {
    return status < 200 || status == 204 || status == 304;
  }
}
