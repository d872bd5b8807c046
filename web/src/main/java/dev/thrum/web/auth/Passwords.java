package dev.thrum.web.auth;

import dev.thrum.Async;
import dev.thrum.Task;
import dev.thrum.internal.wait.Party;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Turns passwords into what may be stored, and checks them: PBKDF2 with HMAC-SHA256, as RFC 8018
/// has it.
///
/// ```java
/// String stored = Passwords.standard().hash(form.password());
/// if (Passwords.standard().check(form.password(), users.storedFor(form.name()))) …
/// ```
///
/// It takes long on purpose: for a task it is done beside the loop by [Async#parallel].
///
/// **Cancellation.** In a task everything here is a suspension point; what has begun is computed to
/// its end.
///
/// **Threads.** Any.
public final class Passwords {
  private static final String NAME = "pbkdf2-sha256";
  private static final int FEWEST = 1_000;
  private static final int MOST = 10_000_000;
  private static final int SALT = 16;
  private static final int BITS = 256;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Passwords STANDARD = new Passwords(600_000);

  private final int rounds;

  /// What is stored, in its parts.
  @SuppressWarnings("ArrayRecordComponent")
  private record Stored(int rounds, byte[] salt, byte[] hash) {}

  private Passwords(int rounds) {
    this.rounds = rounds;
  }

  /// Passwords with 600,000 rounds.
  ///
  /// @return the same each time
  public static Passwords standard() {
    return STANDARD;
  }

  /// Passwords with another number of rounds.
  ///
  /// @param rounds from 1,000, which is for tests only, to 10,000,000
  /// @return passwords
  public static Passwords rounds(int rounds) {
    if (rounds < FEWEST || rounds > MOST) {
      throw new IllegalArgumentException(rounds + " rounds: give " + FEWEST + " to " + MOST);
    }
    return new Passwords(rounds);
  }

  /// Turns a password into what may be stored. It is another text each time.
  ///
  /// @param password the password
  /// @return `pbkdf2-sha256`, the rounds, the salt and the hash, with `$` between them
  public String hash(String password) {
    byte[] salt = new byte[SALT];
    RANDOM.nextBytes(salt);
    byte[] hash = derive(password, salt, rounds);
    Base64.Encoder encoder = Base64.getEncoder().withoutPadding();
    return NAME
        + ("$" + rounds)
        + ("$" + encoder.encodeToString(salt))
        + ("$" + encoder.encodeToString(hash));
  }

  /// Checks a password. If there is nothing to check it by it takes as long as otherwise, so that
  /// nobody learns from the time which names there are.
  ///
  /// @param password what somebody says
  /// @param stored what is stored, of whatever number of rounds
  /// @return true if it is the same password; false also if what is stored is malformed
  public boolean check(String password, Optional<String> stored) {
    Optional<Stored> known = stored.flatMap(Passwords::read);
    Stored by = known.orElseGet(() -> new Stored(rounds, new byte[SALT], new byte[BITS / 8]));
    boolean same = MessageDigest.isEqual(by.hash, derive(password, by.salt, by.rounds));
    return same && known.isPresent();
  }

  /// Whether a password should be turned into something new when it is known the next time.
  ///
  /// @param stored what is stored
  /// @return true if it has fewer rounds than these, or is malformed
  public boolean isWeak(String stored) {
    return read(stored).filter(one -> one.rounds >= rounds).isEmpty();
  }

  private static Optional<Stored> read(String stored) {
    String[] parts = stored.split("\\$", -1);
    if (parts.length != 4 || !parts[0].equals(NAME) || !parts[1].matches("\\d{1,8}")) {
      return Optional.empty();
    }
    try {
      int rounds = Integer.parseInt(parts[1]);
      byte[] salt = Base64.getDecoder().decode(parts[2]);
      byte[] hash = Base64.getDecoder().decode(parts[3]);
      boolean good =
          rounds >= FEWEST && rounds <= MOST && salt.length > 0 && hash.length == BITS / 8;
      return good ? Optional.of(new Stored(rounds, salt, hash)) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// Another thread than a loop's, such as that of a blocking handler, may be held by it.
  private static byte[] derive(String password, byte[] salt, int rounds) {
    return Party.current() instanceof Task
        ? Async.parallel(() -> compute(password, salt, rounds))
        : compute(password, salt, rounds);
  }

  private static byte[] compute(String password, byte[] salt, int rounds) {
    PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, rounds, BITS);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has PBKDF2", e);
    } finally {
      spec.clearPassword();
    }
  }
}
