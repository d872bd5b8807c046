package dev.thrum.net;

import io.netty.handler.ssl.ClientAuth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// What a [Tls] says. It is changed only before anybody else has it.
final class TlsPlan implements Cloneable {
  final boolean client;
  @Nullable SSLContext given;
  Pem.@Nullable KeyFiles identity;
  List<HostIdentity.Files> named = List.of();
  @Nullable Path trusted;

  /// Those that are reloaded together; a copy belongs to them too.
  final TlsFamily family = new TlsFamily();

  List<String> applicationProtocols = List.of();
  List<String> versions = List.of("TLSv1.3", "TLSv1.2");
  List<String> ciphers = List.of();
  ClientAuth clientAuth = ClientAuth.NONE;
  String serverName = "";
  boolean verifiesHost = true;
  boolean httpsCompatible;
  boolean jdkOnly;
  Duration handshakeTimeout = Duration.ofSeconds(10);

  TlsPlan(boolean client) {
    this.client = client;
  }

  /// All files that are read.
  List<Path> files() {
    List<Path> all = new ArrayList<>();
    if (identity != null) {
      all.addAll(identity.files());
    }
    named.forEach(one -> all.addAll(one.files().files()));
    if (trusted != null) {
      all.add(trusted);
    }
    return all;
  }

  TlsPlan copy() {
    try {
      return (TlsPlan) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }
}
