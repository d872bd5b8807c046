package dev.thrum.http;

/// The version of HTTP that is spoken.
public enum HttpVersion {
  /// HTTP/1.0
  HTTP_1_0("HTTP/1.0"),
  /// HTTP/1.1
  HTTP_1_1("HTTP/1.1"),
  /// HTTP/2
  HTTP_2("HTTP/2");

  private final String text;

  HttpVersion(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
