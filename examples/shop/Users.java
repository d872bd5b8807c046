package shop;

import dev.thrum.web.Lifespan.Serve;
import dev.thrum.web.RateLimit;
import dev.thrum.web.auth.Credentials;
import dev.thrum.web.auth.Passwords;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import shop.Database.Refused;

/// Who may do what.
final class Users {
  private final Database database;
  private final Settings settings;
  private final Passwords passwords;
  private final RateLimit guesses = RateLimit.of(5, Duration.ofMinutes(5));
  private final RateLimit attempts = RateLimit.of(50, Duration.ofMinutes(5));

  Users(Database database, Settings settings) {
    this.database = database;
    this.settings = settings;
    passwords = settings.passwords();
  }

  /// Somebody with an account.
  ///
  /// @param logins counts up when somebody logs out; what was given out before is void then
  record User(long id, String name, boolean isAdmin, int logins) {
    static User read(ResultSet row) throws SQLException {
      return new User(
          row.getLong("id"),
          row.getString("name"),
          row.getBoolean("is_admin"),
          row.getInt("logins"));
    }
  }

  /// What somebody says who is new.
  record Registration(
      @Pattern(regexp = "[A-Za-z0-9_-]{2,40}", message = "2 to 40 letters, digits, - and _")
          String name,
      @Size(min = 10, max = 200, message = "at least 10 characters") String password) {}

  /// Makes an account.
  ///
  /// @return nothing if the name is taken
  Optional<User> register(Registration form) {
    String stored = passwords.hash(form.password());
    try {
      return database.transaction(sql -> {
        long _ =
            sql.insert("INSERT INTO account (name, password) VALUES (?, ?)", form.name(), stored);
        return sql.one(User::read, "SELECT * FROM account WHERE name = ?", form.name());
      });
    } catch (Refused e) {
      if (e.isDuplicate()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Who that is, if name and password are right.
  ///
  /// @param address where they come from: nobody may guess often
  Optional<User> logIn(Credentials sent, String address) {
    String who = address + " " + sent.username();
    attempts.take(address);
    guesses.take(who);
    var stored =
        database.transaction(sql ->
            sql.one(
                row -> row.getString(1),
                "SELECT password FROM account WHERE name = ?",
                sent.username()));
    if (!passwords.check(sent.password(), stored)) {
      return Optional.empty();
    }
    guesses.forget(who);
    return database.transaction(
        sql -> sql.one(User::read, "SELECT * FROM account WHERE name = ?", sent.username()));
  }

  /// Who is logged in by a session or a token, if that is still good.
  Optional<User> find(long id, int logins) {
    return database.transaction(sql ->
        sql.one(User::read, "SELECT * FROM account WHERE id = ? AND logins = ?", id, logins));
  }

  /// Ends all sessions and tokens of somebody.
  void logOut(User user) {
    int _ =
        database.transaction(
            sql -> sql.update("UPDATE account SET logins = logins + 1 WHERE id = ?", user.id()));
  }

  /// Sees to it that a shop has an admin when it opens.
  void withAdmin(Serve serve) throws Exception {
    long admins =
        database.transaction(sql -> sql.number("SELECT count(*) FROM account WHERE is_admin"));
    if (admins == 0) {
      createAdmin();
    }
    serve.run();
  }

  private void createAdmin() {
    String password = settings.admin().orElseGet(Users::randomPassword);
    String stored = passwords.hash(password);
    int _ =
        database.transaction(sql ->
            sql.update(
                "INSERT INTO account (name, password, is_admin) VALUES ('admin', ?, TRUE)",
                stored));
    if (settings.admin().isEmpty()) {
      IO.println("The shop's admin is \"admin\", with the password " + password);
    }
  }

  private static String randomPassword() {
    byte[] made = new byte[8];
    new SecureRandom().nextBytes(made);
    return HexFormat.of().formatHex(made);
  }
}
