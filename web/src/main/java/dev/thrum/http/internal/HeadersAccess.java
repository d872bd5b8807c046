package dev.thrum.http.internal;

import dev.thrum.http.Headers;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The way to what is in [Headers], for Thrum's own packages: users see nothing of Netty.
public abstract class HeadersAccess {
  private static @Nullable HeadersAccess only;

  /// For [Headers].
  protected HeadersAccess() {}

  /// By [Headers], when its class is loaded.
  ///
  /// @param access its own
  public static void offer(HeadersAccess access) {
    only = access;
  }

  /// The only one.
  ///
  /// @return what [Headers] has offered
  public static HeadersAccess get() {
    if (only == null) {
      var _ = Headers.create(); // loads the class
    }
    return Objects.requireNonNull(only);
  }

  /// Headers around Netty's.
  ///
  /// @param all Netty's, which are not copied
  /// @return headers
  public abstract Headers around(HttpHeaders all);

  /// What is in headers.
  ///
  /// @param headers the headers
  /// @return Netty's own, not a copy
  public abstract HttpHeaders in(Headers headers);
}
