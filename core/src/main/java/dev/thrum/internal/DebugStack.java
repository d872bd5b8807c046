package dev.thrum.internal;

import dev.thrum.internal.wait.Party;
import org.jspecify.annotations.Nullable;

/// In debug mode, where something was started, opened or asked for: a stack to be shown with a
/// warning or an exception.
public final class DebugStack extends Throwable {
  private static final long serialVersionUID = 1L;

  /// Notes where the caller is.
  ///
  /// @param what what it does there, for people
  public DebugStack(String what) {
    super(what);
  }

  /// Notes where the caller is, if its loop is in debug mode.
  ///
  /// @param what what it does there, for people
  /// @return the place, or null without debug mode
  public static @Nullable DebugStack ofCaller(String what) {
    return Party.current().debug() ? new DebugStack(what) : null;
  }

  /// Whether debug mode is on for who has not chosen: by the system property `thrum.debug`, else by
  /// the environment variable `THRUM_DEBUG`.
  ///
  /// @return true if it is
  public static boolean isDefault() {
    String property = System.getProperty("thrum.debug");
    String setting = property != null ? property : System.getenv("THRUM_DEBUG");
    return setting != null
        && !setting.isEmpty()
        && !setting.equals("0")
        && !setting.equals("false");
  }

  /// Leaves only the program's own frames, to be shown. Not before: most are never looked at.
  ///
  /// @return this
  public DebugStack trimmed() {
    setStackTrace(Frames.own(getStackTrace()));
    return this;
  }

  /// What to show of it: leaves only the program's own frames.
  ///
  /// @param where a place, or null without debug mode
  /// @return it
  public static @Nullable DebugStack shown(@Nullable DebugStack where) {
    return where == null ? null : where.trimmed();
  }

  /// The end of a message: the place, or else how to learn it.
  ///
  /// @param how what was done there: `started`, `called`
  /// @param where the place, or null without debug mode
  /// @return a sentence, after the full stop of the one before it
  public static String sentence(String how, @Nullable DebugStack where) {
    return where == null
        ? ". Run with THRUM_DEBUG=1 to see where it was " + how
        : ". It was " + how + " at " + Frames.site(where.getStackTrace());
  }

  /// As it is shown in a trace: without the name of this class, which says nothing.
  @Override
  @SuppressWarnings("OverrideThrowableToString")
  public String toString() {
    return String.valueOf(getMessage());
  }
}
