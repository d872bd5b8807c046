package dev.thrum.web.auth;

import java.util.Objects;

/// A name and a password, as somebody has sent them: they need not be right.
///
/// @param username the name
/// @param password the password
public record Credentials(String username, String password) {

  /// What somebody has sent.
  public Credentials {
    Objects.requireNonNull(username, "username");
    Objects.requireNonNull(password, "password");
  }

  @Override
  public String toString() {
    return username + " with a password";
  }
}
