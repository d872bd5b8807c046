package dev.thrum.http.client;

import dev.thrum.http.Headers;
import dev.thrum.net.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a client is to be.
///
/// @param base what addresses without a host are below, or null
/// @param proxy through what it connects, or null
/// @param direct hosts that no proxy is used for
/// @param unixSocket what it connects to whatever the host is, or null
record ClientSettings(
    @Nullable Target base,
    Headers headers,
    @Nullable Tls tls,
    Protocols protocols,
    @Nullable Target proxy,
    List<String> direct,
    @Nullable Path unixSocket,
    int maxConnections,
    int maxPerHost,
    Duration idle,
    int maxRedirects,
    int maxBody,
    int maxHeader,
    boolean keepsCookies) {

  /// What is spoken.
  enum Protocols {
    /// HTTP/2 if TLS agrees on it, else HTTP/1.1.
    NEGOTIATED,
    /// HTTP/1.1 only.
    HTTP_1_1,
    /// HTTP/2 only, also without TLS.
    HTTP_2
  }

  ClientSettings withProtocols(Protocols others) {
    return new ClientSettings(
        base,
        headers,
        tls,
        others,
        proxy,
        direct,
        unixSocket,
        maxConnections,
        maxPerHost,
        idle,
        maxRedirects,
        maxBody,
        maxHeader,
        keepsCookies);
  }
}
