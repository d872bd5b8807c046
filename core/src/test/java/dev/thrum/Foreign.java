package dev.thrum;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/// Classes that come from a child JVM and do not belong to the test that calls it.
final class Foreign {
  private Foreign() {}

  /// Whether this JVM has run anything of [Trap].
  static final List<String> SPRUNG = new ArrayList<>();

  /// May not come in, and would do something if it did.
  static final class Trap implements Serializable {
    private static final long serialVersionUID = 1L;

    static {
      SPRUNG.add("initialized");
    }

    private void readObject(java.io.ObjectInputStream in) throws IOException {
      SPRUNG.add("read");
    }
  }

  /// May not come in unasked.
  static class Plain implements Serializable {
    private static final long serialVersionUID = 1L;
    final String text;

    Plain(String text) {
      this.text = text;
    }
  }

  /// Leads to a plain one.
  static final class Holder implements Serializable {
    private static final long serialVersionUID = 1L;
    final ArrayList<Plain> inside = new ArrayList<>();
    final Shape shape;

    Holder(String text, Shape shape) {
      this.inside.add(new Plain(text));
      this.shape = shape;
    }
  }

  /// Known to the last one.
  sealed interface Shape extends Serializable permits Circle, Square {}

  static final class Circle implements Shape {
    private static final long serialVersionUID = 1L;
  }

  static final class Square implements Shape {
    private static final long serialVersionUID = 1L;
  }

  /// Not said to be serializable.
  record Point(int x, Color color, List<Object> more) {}

  enum Color {
    RED,
    BLUE {
      @Override
      boolean isCold() {
        return true;
      }
    };

    boolean isCold() {
      return false;
    }
  }

  /// An exception with a plain one.
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;
    final Plain detail;

    Failure(String message, Plain detail) {
      super(message);
      this.detail = detail;
    }
  }

  /// Writes what it should not.
  static final class Smuggler extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
      out.writeObject(new Trap());
    }
  }

  /// Has a trap in a field. Not said to be serializable, as the next two.
  record Trapper(Trap trap) {}

  /// Would be heard if it were made.
  record Loud(String text) {
    Loud {
      SPRUNG.add("made " + text);
    }
  }

  /// Would be heard if it were initialized.
  enum LoudEnum {
    ONE;

    static {
      SPRUNG.add("initialized an enum");
    }
  }

  /// Nobody declares it.
  static final class Unasked extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unasked(String message) {
      super(message);
    }
  }

  /// Not said to be serializable; what it holds is.
  record Sack(Plain load) {}

  static Object trap() {
    return new Trap();
  }

  static Object trapper() {
    return new Trapper(new Trap());
  }

  static Object loudRecord() {
    return new Loud("one");
  }

  static Object loudEnum() {
    return LoudEnum.ONE;
  }

  static int unasked(String text) {
    if (!text.isEmpty()) {
      throw new Unasked(text);
    }
    return 0;
  }

  static int unasked() throws Unasked {
    return unasked("declared");
  }

  static List<Sack> sacks() {
    return List.of(new Sack(new Plain("sack")));
  }

  static Holder holder() {
    return new Holder("inside", new Square());
  }

  static List<Plain> plains() {
    return List.of(new Plain("one"), new Plain("two"));
  }
}
