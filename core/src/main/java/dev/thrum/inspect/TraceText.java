package dev.thrum.inspect;

/// The text of events in the format of a trace: JSON objects, written one after the other.
final class TraceText {
  /// What names and other texts are cut to.
  static final int LONGEST = 200;

  private final StringBuilder out = new StringBuilder(512);

  /// Begins an event of a kind on a track.
  TraceText event(String phase, long process, int track) {
    out.append(",\n{\"ph\":\"").append(phase).append("\",\"pid\":").append(process);
    out.append(",\"tid\":").append(track);
    return this;
  }

  TraceText at(long nanos) {
    return micros("ts", nanos);
  }

  /// A time in microseconds, with a fraction.
  TraceText micros(String key, long nanos) {
    key(key).append(nanos / 1000).append('.');
    int fraction = (int) (nanos % 1000);
    out.append((char) ('0' + fraction / 100));
    out.append((char) ('0' + fraction / 10 % 10));
    out.append((char) ('0' + fraction % 10));
    return this;
  }

  TraceText number(String key, long value) {
    key(key).append(value);
    return this;
  }

  TraceText text(String key, String value) {
    quote(key(key), value);
    return this;
  }

  /// Begins the object with what is known of the event.
  TraceText args() {
    key("args").append('{');
    return this;
  }

  /// Ends the event.
  TraceText end() {
    out.append('}');
    return this;
  }

  /// Ends the event and the object in it.
  TraceText endWithArgs() {
    out.append("}}");
    return this;
  }

  private StringBuilder key(String key) {
    if (out.charAt(out.length() - 1) != '{') {
      out.append(',');
    }
    return out.append('"').append(key).append("\":");
  }

  private static void quote(StringBuilder to, String text) {
    to.append('"');
    int length = Math.min(text.length(), LONGEST);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> to.append("\\\"");
        case '\\' -> to.append("\\\\");
        case '\n' -> to.append("\\n");
        default -> {
          if (c < ' ' || c == 0x7f) {
            to.append("\\u%04x".formatted((int) c));
          } else if (!Character.isSurrogate(c)) {
            to.append(c);
          } else if (i + 1 < length && Character.isSurrogatePair(c, text.charAt(i + 1))) {
            to.append(c).append(text.charAt(++i));
          } else {
            to.append('\ufffd');
          }
        }
      }
    }
    to.append(length < text.length() ? "…\"" : "\"");
  }

  StringBuilder content() {
    return out;
  }

  int length() {
    return out.length();
  }

  void clear() {
    out.setLength(0);
  }
}
