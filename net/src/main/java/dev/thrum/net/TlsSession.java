package dev.thrum.net;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

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

  /// Who the peer is, as its certificate says.
  ///
  /// @return its subject, such as `CN=client`; nothing if the peer sent no certificate
  public Optional<X500Principal> subject() {
    return peerCertificates.stream()
        .findFirst()
        .filter(X509Certificate.class::isInstance)
        .map(own -> ((X509Certificate) own).getSubjectX500Principal());
  }

  /// Copies the list.
  public TlsSession {
    peerCertificates = List.copyOf(peerCertificates);
  }
}
