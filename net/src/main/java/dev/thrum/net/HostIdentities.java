package dev.thrum.net;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Chooses a server's certificate by the host that a client asks for. Both engines ask it in the
/// handshake, kind of key by kind of key.
final class HostIdentities extends X509ExtendedKeyManager {
  private final Pem.Identity first;
  private final List<HostIdentity> named;

  /// @param first shown where no other fits
  HostIdentities(Pem.Identity first, List<HostIdentity> named) {
    this.first = first;
    this.named = named.stream().sorted(Comparator.comparing(HostIdentity::isWild)).toList();
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    List<Integer> fitting = fitting(engine == null ? "" : askedFor(engine.getHandshakeSession()));
    for (int one : fitting) {
      if (identity(one).key().getAlgorithm().equals(keyType)) {
        return Integer.toString(one);
      }
    }
    return null;
  }

  private static String askedFor(@Nullable SSLSession session) {
    if (session instanceof ExtendedSSLSession extended) {
      for (SNIServerName name : extended.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          return host.getAsciiName().toLowerCase(Locale.ROOT);
        }
      }
    }
    return "";
  }

  /// The identities of the name that fits best, by number; 0 is the first one.
  private List<Integer> fitting(String host) {
    List<Integer> found = new ArrayList<>();
    String pattern = "";
    for (int i = 0; i < named.size(); i++) {
      HostIdentity one = named.get(i);
      if (found.isEmpty() ? one.isFor(host) : one.pattern().equals(pattern)) {
        pattern = one.pattern();
        found.add(i + 1);
      }
    }
    return found.isEmpty() ? List.of(0) : found;
  }

  private Pem.Identity identity(int number) {
    return number == 0 ? first : named.get(number - 1).identity();
  }

  private Pem.Identity identity(String alias) {
    return identity(Integer.parseInt(alias));
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return identity(alias).chain().clone();
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return identity(alias).key();
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseEngineServerAlias(keyType, issuers, null);
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    String alias = chooseEngineServerAlias(keyType, issuers, null);
    return alias == null ? new String[0] : new String[] {alias};
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null; // it is a server's
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[0];
  }
}
