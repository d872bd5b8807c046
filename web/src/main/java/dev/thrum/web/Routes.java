package dev.thrum.web;

import java.util.Objects;

/// A part of an application, to be put below a path by [App#mount] or a host by [App#host].
///
/// Its middleware runs around its own routes and around every path below where it is mounted, also
/// if there is no route; its error handlers come before those around it. A path may be empty here:
/// the path at which it is mounted.
public final class Routes extends Routing<Routes> {
  private final String name;
  private boolean hidden;

  private Routes(String name) {
    this.name = name;
  }

  /// Routes whose names are used as they are.
  ///
  /// @return no routes yet
  public static Routes create() {
    return new Routes("");
  }

  /// Routes whose names get a name and a colon in front: the route `list` of `users` is found by
  /// `users:list`.
  ///
  /// @param name the name
  /// @return no routes yet
  public static Routes create(String name) {
    return new Routes(Objects.requireNonNull(name, "name"));
  }

  /// Leaves all that is here and below out of what the application says of itself, as
  /// [Route#hidden] does with one route: pages for people, say.
  ///
  /// @return this
  public Routes hidden() {
    mayChange();
    hidden = true;
    return this;
  }

  boolean isHidden() {
    return hidden;
  }

  String prefix() {
    return name.isEmpty() ? "" : name + ":";
  }
}
