package dev.thrum.web.auth;

import dev.thrum.web.Handler;
import dev.thrum.web.Params;
import dev.thrum.web.Request;
import dev.thrum.web.Response;
import dev.thrum.web.internal.Described;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A token that is asked for by name and password: OAuth 2's password flow, as RFC 6749 has it.
///
/// ```java
/// app.post("/token", PasswordGrant.handler((req, grant) ->
///     users.check(grant.credentials()).map(user -> Token.of(tokens.issue(user), ofHours(1)))));
/// ```
///
/// It is for an application's own programs; others should not get to see passwords.
///
/// @param credentials the name and the password, which need not be right
/// @param scopes what the token is to be good for
public record PasswordGrant(Credentials credentials, List<String> scopes) {

  /// What is asked for.
  public PasswordGrant {
    Objects.requireNonNull(credentials, "credentials");
    scopes = List.copyOf(scopes);
  }

  /// Gives tokens.
  @FunctionalInterface
  public interface Giver {

    /// Gives a token.
    ///
    /// @param request the request
    /// @param grant what it asks for
    /// @return a token; nothing if name or password are wrong
    /// @throws Exception if it cannot: the same as if a handler had thrown it
    Optional<Token> give(Request request, PasswordGrant grant) throws Exception;
  }

  /// A token.
  ///
  /// @param text what the client sends later
  /// @param lifetime for how long it is good
  /// @param scopes what it is good for; empty for all that was asked for
  public record Token(String text, Duration lifetime, Optional<List<String>> scopes) {

    /// A token.
    public Token {
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(lifetime, "lifetime");
      scopes = scopes.map(List::copyOf);
    }

    /// A token that is good for all that was asked for.
    ///
    /// @param text what the client sends later
    /// @param lifetime for how long it is good
    /// @return the token
    public static Token of(String text, Duration lifetime) {
      return new Token(text, lifetime, Optional.empty());
    }

    /// A token that may be good for less than was asked for.
    ///
    /// @param text what the client sends later
    /// @param lifetime for how long it is good
    /// @param scopes what it is good for
    /// @return the token
    public static Token of(String text, Duration lifetime, List<String> scopes) {
      return new Token(text, lifetime, Optional.of(scopes));
    }
  }

  /// A handler for `POST`. It answers with the token, or with 400 and what is wrong in `error`. The
  /// application's description tells what it takes and gives.
  ///
  /// @param giver gives tokens
  /// @return a handler
  public static Handler handler(Giver giver) {
    return new Grants(Objects.requireNonNull(giver, "giver"));
  }

  private record Grants(Giver giver) implements Handler, Described {
    @Override
    public Object handle(Request request) throws Exception {
      return answer(request, giver).header("Cache-Control", "no-store");
    }

    @Override
    public Map<String, Object> operation() {
      return GrantSchemas.OPERATION;
    }
  }

  private static Response answer(Request request, Giver giver) throws Exception {
    Params form = request.form();
    if (!form.get("grant_type").orElse("").equals("password")) {
      return error("unsupported_grant_type");
    }
    Optional<String> username = form.get("username");
    Optional<String> password = form.get("password");
    if (username.isEmpty() || password.isEmpty()) {
      return error("invalid_request");
    }
    List<String> scopes =
        Arrays.stream(form.get("scope").orElse("").split(" ", -1))
            .filter(one -> !one.isEmpty())
            .toList();
    Credentials sent = new Credentials(username.get(), password.get());
    return giver
        .give(request, new PasswordGrant(sent, scopes))
        .map(token -> answered(token, scopes))
        .orElseGet(() -> error("invalid_grant"));
  }

  private static Response answered(Token token, List<String> asked) {
    return Response.json(
        Map.of(
            "access_token",
            token.text,
            "token_type",
            "bearer",
            "expires_in",
            token.lifetime.toSeconds(),
            "scope",
            String.join(" ", token.scopes.orElse(asked))));
  }

  private static Response error(String error) {
    return Response.json(Map.of("error", error)).status(400);
  }
}
