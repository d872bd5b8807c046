package dev.thrum.net;

import io.netty.handler.ssl.ClientAuth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// What a [Tls] says. It is changed only before anybody else has it.
final class TlsPlan implements Cloneable {
  final boolean client;
  @Nullable SSLContext given;
  Pem.@Nullable KeyFiles identity;
  @Nullable Path trusted;
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

  TlsPlan copy() {
    try {
      return (TlsPlan) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }
}
