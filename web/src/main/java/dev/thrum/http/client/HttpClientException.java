package dev.thrum.http.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Why a request has no response, or not the one that was wanted. The message says which request it
/// was, what happened, and what helps.
///
/// ```
/// HttpClientException
/// ├── Unreachable      no connection: the name is not known, or nobody listens there
/// │   └── Untrusted    a connection, but no TLS on it that can be trusted
/// ├── ClosedEarly      the server has gone away before the response was complete
/// ├── Malformed        what came is no response of HTTP, or one that could be taken for two
/// ├── Redirects        one redirect led to the next too often, or to where nobody can follow
/// ├── TooLarge         the response has more bytes than are accepted
/// └── BadStatus        there is a response, and it speaks of an error
/// ```
public sealed class HttpClientException extends IOException {
  private static final long serialVersionUID = 1L;

  HttpClientException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// No connection could be made.
  public static sealed class Unreachable extends HttpClientException {
    private static final long serialVersionUID = 1L;

    Unreachable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// A connection was made, and TLS could not be agreed on.
  public static final class Untrusted extends Unreachable {
    private static final long serialVersionUID = 1L;

    Untrusted(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// The connection, or the stream of it, has ended before the response was complete.
  public static final class ClosedEarly extends HttpClientException {
    private static final long serialVersionUID = 1L;

    ClosedEarly(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// What came is no response of HTTP.
  public static final class Malformed extends HttpClientException {
    private static final long serialVersionUID = 1L;

    Malformed(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// A redirect that is not followed.
  public static final class Redirects extends HttpClientException {
    private static final long serialVersionUID = 1L;

    Redirects(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// The response is longer than what is accepted.
  public static final class TooLarge extends HttpClientException {
    private static final long serialVersionUID = 1L;

    TooLarge(String message) {
      super(message, null);
    }
  }

  /// The response has a status from 400 on.
  public static final class BadStatus extends HttpClientException {
    private static final long serialVersionUID = 1L;

    /// The response.
    private final transient HttpResponse response;

    BadStatus(String message, HttpResponse response) {
      super(message, null);
      this.response = response;
    }

    /// The status.
    ///
    /// @return from 400 on
    public int status() {
      return response.status();
    }

    /// The response, which can be read as far as it has been.
    ///
    /// @return the response
    public HttpResponse response() {
      return response;
    }
  }
}
