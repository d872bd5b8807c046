package dev.thrum.web.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs texts that clients keep, so that a change is noticed: HMAC-SHA256 over the content, the
/// time of signing and what the text is for.
///
/// **Non-guarantees.** It hides nothing: the content can be read by whoever has the text. A text
/// that was replaced by a newer one is still good.
///
/// **Threads.** Any.
public final class Signer {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SHORTEST = 32;

  private final String purpose;
  private final List<SecretKeySpec> keys;

  /// What a text holds.
  ///
  /// @param content what was signed, which must not be changed
  /// @param signed when, in whole seconds
  @SuppressWarnings("ArrayRecordComponent")
  public record Opened(byte[] content, Instant signed) {}

  private Signer(String purpose, List<SecretKeySpec> keys) {
    this.purpose = purpose;
    this.keys = keys;
  }

  /// A signer.
  ///
  /// @param purpose what its texts are for; those for other purposes are none of its own
  /// @param key what signs: at least 32 random bytes
  /// @param older keys that have signed before, and are still good
  /// @return a signer
  public static Signer of(String purpose, byte[] key, byte[]... older) {
    List<SecretKeySpec> keys = new ArrayList<>();
    keys.add(checked(key));
    for (byte[] one : older) {
      keys.add(checked(one));
    }
    Signer made = new Signer(Objects.requireNonNull(purpose, "purpose"), List.copyOf(keys));
    String _ = made.sign(new byte[0], Instant.EPOCH); // the JDK reads files when it first does so
    return made;
  }

  private static SecretKeySpec checked(byte[] key) {
    if (key.length < SHORTEST) {
      throw new IllegalArgumentException(
          "a key of " + key.length + " bytes: give at least " + SHORTEST + " random ones");
    }
    return new SecretKeySpec(key, ALGORITHM);
  }

  /// Signs.
  ///
  /// @param content any bytes
  /// @param now when
  /// @return letters, digits and `-_.`
  public String sign(byte[] content, Instant now) {
    byte[] time = ByteBuffer.allocate(Long.BYTES).putLong(now.getEpochSecond()).array();
    byte[] mac = mac(keys.getFirst(), content, time);
    return text(content) + "." + text(time) + "." + text(mac);
  }

  /// Opens what was signed.
  ///
  /// @param text what a client has sent
  /// @param now when
  /// @param maxAge how old it may be
  /// @return what it holds; nothing if it was changed, signed by nobody who is known or for
  ///   something else, or is too old
  public Optional<Opened> open(String text, Instant now, Duration maxAge) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      byte[] content = Base64.getUrlDecoder().decode(parts[0]);
      byte[] time = Base64.getUrlDecoder().decode(parts[1]);
      byte[] mac = Base64.getUrlDecoder().decode(parts[2]);
      if (time.length != Long.BYTES || !isGood(content, time, mac)) {
        return Optional.empty();
      }
      Instant signed = Instant.ofEpochSecond(ByteBuffer.wrap(time).getLong());
      return now.isAfter(signed.plus(maxAge))
          ? Optional.empty()
          : Optional.of(new Opened(content, signed));
    } catch (IllegalArgumentException | DateTimeException _) {
      return Optional.empty();
    }
  }

  private boolean isGood(byte[] content, byte[] time, byte[] mac) {
    boolean good = false;
    for (SecretKeySpec key : keys) {
      good |= MessageDigest.isEqual(mac, mac(key, content, time));
    }
    return good;
  }

  private byte[] mac(SecretKeySpec key, byte[] content, byte[] time) {
    try {
      Mac made = Mac.getInstance(ALGORITHM);
      made.init(key);
      byte[] of = purpose.getBytes(StandardCharsets.UTF_8);
      made.update(ByteBuffer.allocate(Integer.BYTES).putInt(of.length).array());
      made.update(of);
      made.update(time);
      return made.doFinal(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
