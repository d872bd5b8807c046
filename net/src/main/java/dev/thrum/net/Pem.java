package dev.thrum.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.internal.Warnings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/// Certificates and keys in PEM files. What is wrong with a file is said with its name.
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final String TO_PKCS8 = "openssl pkcs8 -topk8 -nocrypt makes it one";

  private Pem() {}

  /// Where a certificate and its key are.
  ///
  /// @param chain its own certificate first
  /// @param key in PKCS#8, not encrypted
  record KeyFiles(Path chain, Path key) {
    List<Path> files() {
      return List.of(chain, key);
    }

    Identity read() throws IOException {
      X509Certificate[] all = certificates(chain);
      warnIfOver(chain, all[0]);
      return new Identity(Pem.key(key, all[0]), all);
    }
  }

  /// A certificate and its key.
  @SuppressWarnings("ArrayRecordComponent") // as Netty takes it, and never compared
  record Identity(PrivateKey key, X509Certificate... chain) {}

  private static void warnIfOver(Path file, X509Certificate own) {
    try {
      own.checkValidity();
    } catch (CertificateException e) {
      Warnings.warn(file + " has a certificate that is not valid now: " + e.getMessage(), null);
    }
  }

  /// The certificates in a file, in order; what else is there is passed over.
  ///
  /// @return at least one
  static X509Certificate[] certificates(Path file) throws IOException {
    List<X509Certificate> found = new ArrayList<>();
    for (Matcher block = blocks(file); block.find(); ) {
      if (block.group(1).endsWith("CERTIFICATE")) {
        found.add(certificate(file, block.group(2)));
      }
    }
    if (found.isEmpty()) {
      throw new SSLException(file + " has no certificate in PEM");
    }
    return found.toArray(X509Certificate[]::new);
  }

  private static X509Certificate certificate(Path file, String text) throws SSLException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(bytes(file, text)));
    } catch (CertificateException e) {
      throw new SSLException(file + " has a certificate that is none: " + e.getMessage(), e);
    }
  }

  /// The private key in a file.
  ///
  /// @param owner whose key it must be
  static PrivateKey key(Path file, X509Certificate owner) throws IOException {
    for (Matcher block = blocks(file); block.find(); ) {
      String kind = block.group(1);
      if (kind.equals("PRIVATE KEY")) {
        return key(file, bytes(file, block.group(2)), owner.getPublicKey());
      }
      if (kind.equals("ENCRYPTED PRIVATE KEY")) {
        throw new SSLException(file + " has an encrypted key, not one in the clear; " + TO_PKCS8);
      }
      if (kind.endsWith(" PRIVATE KEY")) {
        throw new SSLException(file + " has an older kind of key, not one in PKCS#8; " + TO_PKCS8);
      }
    }
    throw new SSLException(file + " has no private key in PEM");
  }

  private static PrivateKey key(Path file, byte[] bytes, PublicKey theOther) throws SSLException {
    try {
      PrivateKey key =
          KeyFactory.getInstance(theOther.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(bytes));
      if (!belong(key, theOther)) {
        throw new SSLException(file + " has a key that does not belong to the certificate");
      }
      return key;
    } catch (GeneralSecurityException e) {
      throw new SSLException(
          file + " has no " + theOther.getAlgorithm() + " key, as the certificate has", e);
    }
  }

  /// A signature by the one is checked with the other.
  private static boolean belong(PrivateKey key, PublicKey theOther)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "EdDSA" -> "EdDSA";
          default -> "";
        };
    if (algorithm.isEmpty()) {
      return true;
    }
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    byte[] signed = signature.sign();
    signature.initVerify(theOther);
    return signature.verify(signed);
  }

  private static byte[] bytes(Path file, String text) throws SSLException {
    try {
      return Base64.getMimeDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new SSLException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  private static Matcher blocks(Path file) throws IOException {
    try {
      return BLOCK.matcher(Files.readString(file, ISO_8859_1));
    } catch (NoSuchFileException _) {
      throw new NoSuchFileException(file.toString(), null, "there is no such file, for TLS");
    } catch (IOException e) {
      throw new FileSystemException(
          file.toString(), null, "it cannot be read, for TLS: " + e.getMessage());
    }
  }
}
