package dev.thrum.testkit.internal;

/// One place where a schedule leaves the plain order: something goes before what would have been
/// next.
///
/// It names both, and not the number of the choice, so that it keeps its meaning when another
/// deviation is taken away.
///
/// @param choice which choice of the run that was, for messages
/// @param chosen what goes first
/// @param instead what would have been next
/// @param site where in the code the task stood that goes first
public record Deviation(int choice, Move chosen, Move instead, String site) {

  /// Something that can be next.
  ///
  /// @param path the task
  /// @param kind what happens with it
  /// @param number how often that has happened before
  public record Move(String path, Kind kind, int number) {

    @Override
    public String toString() {
      return path + kind.mark + "#" + number;
    }

    static Move parse(String text) {
      int hash = text.indexOf('#');
      String head = text.substring(0, hash);
      int number = Integer.parseInt(text.substring(hash + 1));
      Kind kind = Kind.of(head.charAt(head.length() - 1));
      return new Move(kind == Kind.RUN ? head : head.substring(0, head.length() - 1), kind, number);
    }
  }

  @Override
  public String toString() {
    return choice
        + ":"
        + chosen
        + "<"
        + instead
        + (site.isEmpty() ? "" : "@" + site.replaceAll("[\\s?]", "_"));
  }

  static Deviation parse(String text) {
    int colon = text.indexOf(':');
    int before = text.indexOf('<', colon);
    int at = text.indexOf('@', before);
    return new Deviation(
        Integer.parseInt(text.substring(0, colon)),
        Move.parse(text.substring(colon + 1, before)),
        Move.parse(at < 0 ? text.substring(before + 1) : text.substring(before + 1, at)),
        at < 0 ? "" : text.substring(at + 1));
  }
}
