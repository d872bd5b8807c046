/// A chat over TCP: `./thrum run examples/talk.java [PORT]`, then `nc localhost PORT`, several
/// times.
///
/// The first line somebody sends is their name; what they send after it goes to all others. Each
/// guest is a task of the listener, reading; a background child of it writes what the others say.
/// Both are gone when the guest is, whichever side ends first. Who reads slowly misses the oldest
/// lines, and holds up nobody.
///
/// Without a port it plays a conversation with three guests of its own and ends.
import static dev.thrum.Async.*;
import static java.time.Duration.*;

import dev.thrum.*;
import dev.thrum.channel.*;
import dev.thrum.net.*;

final Broadcast<String> room = Broadcast.create(100, Overflow.DROP_OLDEST);
final Set<String> names = new TreeSet<>();

void guest(Connection connection) throws IOException {
  connection.write("Your name? ");
  var name = connection.readLine().orElse("").strip();
  if (name.isEmpty() || !names.add(name)) {
    connection.write("That name is taken. Good-bye.\n");
    return;
  }
  try {
    timeout(ofHours(1), () -> talk(connection, name));
  } catch (TimeoutException e) {
    connection.write("It is late. Good-bye.\n");
  } finally {
    names.remove(name);
    room.trySend(name + " leaves");
  }
}

void talk(Connection connection, String name) throws IOException {
  room.trySend(name + " joins");
  try (var others = room.subscribe()) {
    background(() -> {
      for (var line : others) {
        if (!line.startsWith(name + " ") && !line.startsWith(name + ": ")) {
          connection.write(line + "\n");
        }
      }
    });
    connection.write("Here are: " + String.join(", ", names) + "\n");
    for (var line : connection.lines()) {
      room.trySend(name + ": " + line);
    }
  }
}

/// Says something, and waits until somebody has heard something.
void conversation(int port) throws IOException {
  try (var ada = Net.connect("localhost", port);
      var bob = Net.connect("localhost", port)) {
    ada.write("ada\n");
    ada.readLine();
    bob.write("bob\n");
    bob.readLine();
    IO.println("ada reads: " + ada.readLine().orElseThrow());
    ada.write("Hello, who is there?\n");
    IO.println("bob reads: " + bob.readLine().orElseThrow());
    bob.write("Only me.\n");
    IO.println("ada reads: " + ada.readLine().orElseThrow());
    bob.close();
    IO.println("ada reads: " + ada.readLine().orElseThrow());
    try (var late = Net.connect("localhost", port)) {
      late.write("ada\n");
      IO.println("a second ada reads: " + late.readLine().orElseThrow());
    }
  }
}

/// The port to listen on, 0 without one.
int port(String[] arguments) {
  if (arguments.length == 0) {
    return 0;
  }
  if (arguments.length > 1
      || !arguments[0].matches("\\d{1,5}")
      || Integer.parseInt(arguments[0]) > 65535) {
    System.err.println(
        "talk: " + String.join(" ", arguments) + " is no port; give a number from 1 to 65535");
    System.exit(2);
  }
  return Integer.parseInt(arguments[0]);
}

void main(String[] arguments) throws Exception {
  var port = port(arguments);
  run(() -> {
    try (var listener = Net.listen("localhost", port)) {
      if (port != 0) {
        IO.println("listening on port " + listener.port() + "; Ctrl-C ends it");
        listener.serve(this::guest);
      } else {
        background(() -> listener.serve(this::guest));
        conversation(listener.port());
      }
    }
  });
}
