package dev.thrum.net;

import java.io.IOException;
import java.net.IDN;
import java.util.Locale;
import javax.net.ssl.SNIHostName;

/// A certificate that is shown to clients that ask for a host.
///
/// @param pattern what [#pattern] has made
/// @param identity the certificate and its key
record HostIdentity(String pattern, Pem.Identity identity) {

  /// Where it is.
  ///
  /// @param pattern what [HostIdentity#pattern] has made
  /// @param files the certificate and its key
  record Files(String pattern, Pem.KeyFiles files) {
    HostIdentity read() throws IOException {
      return new HostIdentity(pattern, files.read());
    }
  }

  /// A name in the form in which clients ask for it, perhaps with a wildcard.
  static String pattern(String host) {
    boolean wild = host.startsWith("*.");
    String name = wild ? host.substring(2) : host;
    if (name.isEmpty() || name.indexOf('*') >= 0) {
      throw new IllegalArgumentException(
          "a certificate for \"" + host + "\": give a name, or \"*.\" and a name");
    }
    String plain = new SNIHostName(IDN.toASCII(name)).getAsciiName().toLowerCase(Locale.ROOT);
    return wild ? "*." + plain : plain;
  }

  boolean isWild() {
    return pattern.startsWith("*.");
  }

  /// Whether it is for a host, which a wildcard is for one label.
  boolean isFor(String host) {
    if (!isWild()) {
      return host.equals(pattern);
    }
    int dot = host.indexOf('.');
    return dot > 0 && host.substring(dot).equals(pattern.substring(1));
  }
}
