package dev.thrum.testkit.internal;

/// An even choice that did not fall on the first possibility.
///
/// @param path which task drew
/// @param number its how many-th draw that was, from 0
/// @param value what it drew
record Draw(String path, int number, int value) {

  @Override
  public String toString() {
    return path + "?" + number + "=" + value;
  }

  static Draw parse(String text) {
    int mark = text.indexOf('?');
    int equal = text.indexOf('=');
    return new Draw(
        text.substring(0, mark),
        Integer.parseInt(text.substring(mark + 1, equal)),
        Integer.parseInt(text.substring(equal + 1)));
  }
}
