package dev.thrum.http;

import java.util.Objects;

/// A request that is answered with an error: thrown anywhere below an application.
///
/// It has no stack trace, as it says nothing of the program but something of the request.
public final class HttpException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// The status.
  private final int status;

  /// Headers of the response.
  @SuppressWarnings("serial") // it is not serialized
  private final Headers headers;

  /// An error with headers of its own.
  ///
  /// @param status from 400 to 599
  /// @param detail what the client is told
  /// @param headers headers of the response
  public HttpException(int status, String detail, Headers headers) {
    super(Objects.requireNonNull(detail, "detail"), null, false, false);
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status " + status + " is no error: give 400 to 599");
    }
    this.status = status;
    this.headers = Objects.requireNonNull(headers, "headers");
  }

  /// An error.
  ///
  /// @param status from 400 to 599
  /// @param detail what the client is told
  public HttpException(int status, String detail) {
    this(status, detail, Headers.create());
  }

  /// An error in the words of its status.
  ///
  /// @param status from 400 to 599
  public HttpException(int status) {
    this(status, Status.reason(status));
  }

  /// The status.
  ///
  /// @return from 400 to 599
  public int status() {
    return status;
  }

  /// What the client is told.
  ///
  /// @return the detail
  public String detail() {
    return Objects.requireNonNull(getMessage());
  }

  /// Headers of the response.
  ///
  /// @return the headers
  public Headers headers() {
    return headers;
  }
}
