package dev.thrum.web.session;

import dev.thrum.web.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// A message for the next page that somebody sees, which is often behind a redirect. It needs
/// [Sessions].
///
/// @param kind what the page makes of it, such as `info` or `error`
/// @param text what is said
public record Flash(String kind, String text) {
  private static final String NAME = "_flash";

  /// A message.
  public Flash {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(text, "text");
  }

  /// Leaves a message.
  ///
  /// @param request a request of who is to see it
  /// @param kind what the page makes of it
  /// @param text what is said
  public static void add(Request request, String kind, String text) {
    Session session = Sessions.of(request);
    List<Flash> all = new ArrayList<>(read(session));
    all.add(new Flash(kind, text));
    session.set(NAME, all);
  }

  /// Takes the messages, which are gone then.
  ///
  /// @param request a request of who sees them
  /// @return the messages in the order in which they were left
  public static List<Flash> take(Request request) {
    Session session = Sessions.of(request);
    List<Flash> all = read(session);
    if (!all.isEmpty()) {
      session.remove(NAME);
    }
    return all;
  }

  private static List<Flash> read(Session session) {
    return session.get(NAME, Flash[].class).map(Arrays::asList).orElse(List.of());
  }
}
