package dev.thrum.web.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.thrum.Async;
import dev.thrum.http.HttpException;
import dev.thrum.web.Dependency;
import java.security.Key;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Tokens that say by themselves what they are good for: JSON web tokens, signed, as RFC 7519 has
/// them. It needs the library `com.nimbusds:nimbus-jose-jwt`.
///
/// ```java
/// static final Jwt TOKENS = Jwt.hs256(key).issuer("https://shop.example.org");
/// static final Dependency<JWTClaimsSet> CLAIMS = TOKENS.claims();
///
/// app.get("/me", req -> users.find(req.get(CLAIMS).getSubject()));
/// ```
///
/// **Guarantees.** A token is good only if it is signed by a key that is known, by the algorithm
/// that was chosen here, whatever the token says itself; if it has an end that is not over; and if
/// issuer and audience are those that were asked for.
///
/// **Non-guarantees.** A token cannot be taken back before its end, and hides nothing.
///
/// **Errors.** A token that is not good is a 401, which does not say why.
///
/// **Threads.** Tasks only. It cannot be changed; what seems to change it returns another.
@SuppressWarnings("exports") // who uses it has the library, and everybody else need not
public final class Jwt {
  private static final DefaultJWSVerifierFactory VERIFIERS = new DefaultJWSVerifierFactory();
  private static final String CHALLENGE = "Bearer error=\"invalid_token\"";

  private final JWSAlgorithm algorithm;
  private final List<Key> keys;
  private final @Nullable JWSSigner signer;
  private final Rules rules;

  /// What a token must say.
  private record Rules(
      Optional<String> issuer, Optional<String> audience, Duration lifetime, Duration leeway) {}

  private Jwt(JWSAlgorithm algorithm, List<Key> keys, @Nullable JWSSigner signer, Rules rules) {
    this.algorithm = algorithm;
    this.keys = keys;
    this.signer = signer;
    this.rules = rules;
  }

  /// Tokens by HMAC-SHA256, for those who issue and check them themselves.
  ///
  /// @param key what signs: at least 32 random bytes
  /// @param older keys that have signed before, and are still good
  /// @return tokens
  public static Jwt hs256(byte[] key, byte[]... older) {
    List<Key> keys = new ArrayList<>();
    keys.add(secret(key));
    for (byte[] one : older) {
      keys.add(secret(one));
    }
    try {
      return verifying(JWSAlgorithm.HS256, keys.toArray(Key[]::new)).signedBy(new MACSigner(key));
    } catch (JOSEException e) {
      throw new IllegalArgumentException("this is no key for HMAC-SHA256", e);
    }
  }

  private static Key secret(byte[] key) {
    if (key.length < 32) {
      throw new IllegalArgumentException(
          "a key of " + key.length + " bytes: give at least 32 random ones");
    }
    return new SecretKeySpec(key, "HmacSHA256");
  }

  /// Tokens that somebody else issues.
  ///
  /// @param algorithm how they are signed, such as `RS256` or `ES256`
  /// @param keys public keys that are known, or secret ones for HMAC
  /// @return tokens, which can only be checked
  public static Jwt verifying(JWSAlgorithm algorithm, Key... keys) {
    Rules plain =
        new Rules(Optional.empty(), Optional.empty(), Duration.ofHours(1), Duration.ofSeconds(30));
    return new Jwt(Objects.requireNonNull(algorithm, "algorithm"), List.of(keys), null, plain);
  }

  /// The same, which can be issued, too.
  ///
  /// @param by what signs them, by the same algorithm
  /// @return tokens
  public Jwt signedBy(JWSSigner by) {
    if (!by.supportedJWSAlgorithms().contains(algorithm)) {
      throw new IllegalArgumentException("what signs does not do so by " + algorithm);
    }
    return new Jwt(algorithm, keys, by, rules);
  }

  private Jwt with(Rules other) {
    return new Jwt(algorithm, keys, signer, other);
  }

  /// The same, from one issuer only.
  ///
  /// @param name the issuer
  /// @return tokens
  public Jwt issuer(String name) {
    return with(new Rules(Optional.of(name), rules.audience, rules.lifetime, rules.leeway));
  }

  /// The same, for one audience only.
  ///
  /// @param name the audience
  /// @return tokens
  public Jwt audience(String name) {
    return with(new Rules(rules.issuer, Optional.of(name), rules.lifetime, rules.leeway));
  }

  /// The same, good for another time than an hour.
  ///
  /// @param time how long, in whole seconds
  /// @return tokens
  public Jwt lifetime(Duration time) {
    if (!time.isPositive()) {
      throw new IllegalArgumentException("tokens for " + time + ": give more than zero");
    }
    return with(new Rules(rules.issuer, rules.audience, time, rules.leeway));
  }

  /// The same, where clocks may differ by another time than 30 s.
  ///
  /// @param time zero or more
  /// @return tokens
  public Jwt leeway(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("a leeway of " + time + ": give zero or more");
    }
    return with(new Rules(rules.issuer, rules.audience, rules.lifetime, time));
  }

  /// Issues a token.
  ///
  /// @param subject whom it speaks of
  /// @param claims what else it says
  /// @return the token
  /// @throws IllegalStateException if these can only be checked
  public String issue(String subject, Map<String, ?> claims) {
    JWSSigner by = signer;
    if (by == null) {
      throw new IllegalStateException("these tokens can only be checked: say what signs them");
    }
    Instant now = Async.now();
    JWTClaimsSet.Builder made = new JWTClaimsSet.Builder();
    claims.forEach(made::claim);
    rules.issuer.ifPresent(made::issuer);
    rules.audience.ifPresent(made::audience);
    made.subject(subject)
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(rules.lifetime)));
    try {
      SignedJWT token = new SignedJWT(new JWSHeader(algorithm), made.build());
      token.sign(by);
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("a token could not be signed", e);
    }
  }

  /// Checks a token.
  ///
  /// @param token what somebody has sent
  /// @return what it says
  /// @throws HttpException with 401 if it is not good
  public JWTClaimsSet check(String token) {
    try {
      SignedJWT read = SignedJWT.parse(token);
      JWTClaimsSet claims = read.getJWTClaimsSet();
      if (claims != null && isSigned(read) && isFor(claims, Async.now())) {
        return claims;
      }
    } catch (ParseException | JOSEException _) {
      // it is no token, or no key fits
    }
    throw Auth.unauthorized(CHALLENGE, "Invalid token");
  }

  /// What the token says that a request carries as `Bearer`.
  ///
  /// @return what it says, once it is checked
  public Dependency<JWTClaimsSet> claims() {
    return claims(Auth.bearer());
  }

  /// What the token says that a request carries.
  ///
  /// @param token where it is, such as [Auth#bearerFrom], so that the page at `/docs` can get one
  /// @return what it says, once it is checked
  public Dependency<JWTClaimsSet> claims(Dependency<String> token) {
    return Dependency.<JWTClaimsSet>of(request -> check(request.get(token))).by(token);
  }

  /// What a token is good for, by its claim `scope` (RFC 8693): what [Auth#require] wants to know.
  ///
  /// @param claims what it says
  /// @return names; none if it does not say
  public static Set<String> scopes(JWTClaimsSet claims) {
    return switch (claims.getClaim("scope")) {
      case String text -> Set.copyOf(List.of(text.split(" ", -1)));
      case Collection<?> many ->
          many.stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet());
      case null, default -> Set.of();
    };
  }

  private boolean isSigned(SignedJWT token) throws JOSEException {
    if (!algorithm.equals(token.getHeader().getAlgorithm())) {
      return false;
    }
    for (Key key : keys) {
      if (token.verify(VERIFIERS.createJWSVerifier(token.getHeader(), key))) {
        return true;
      }
    }
    return false;
  }

  private boolean isFor(JWTClaimsSet claims, Instant now) {
    Date end = claims.getExpirationTime();
    Date begin = claims.getNotBeforeTime();
    return end != null
        && now.isBefore(end.toInstant().plus(rules.leeway))
        && (begin == null || !now.isBefore(begin.toInstant().minus(rules.leeway)))
        && rules.issuer.filter(one -> !one.equals(claims.getIssuer())).isEmpty()
        && rules.audience.filter(one -> !claims.getAudience().contains(one)).isEmpty();
  }
}
