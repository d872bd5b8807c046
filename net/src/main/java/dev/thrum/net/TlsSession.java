package dev.thrum.net;

import java.security.cert.Certificate;
import java.util.List;

/// What a TLS handshake has agreed on.
///
/// @param protocol the version, such as `TLSv1.3`
/// @param cipherSuite the cipher suite
/// @param applicationProtocol what ALPN has chosen; empty if nothing
/// @param peerCertificates the peer's chain, its own certificate first; empty if it sent none
public record TlsSession(
    String protocol,
    String cipherSuite,
    String applicationProtocol,
    List<Certificate> peerCertificates) {

  /// Copies the list.
  public TlsSession {
    peerCertificates = List.copyOf(peerCertificates);
  }
}
