/// Chat rooms in memory: whoever is in a room reads what is said there, each at an own pace.
///
/// A room is a `Broadcast` with room for two lines: who falls further behind misses the oldest ones
/// and is told how many, so that a slow reader holds up nobody. A member is a task: it joins when
/// it starts and leaves when it is cancelled or the room is closed. Nobody looks at a clock here,
/// they count in turns, so that the transcript is the same every time.
///
/// Prints who reads what: ada reads all, bob is slow and misses two lines, eve leaves early and fay
/// reads that, and neither room hears anything of the other.
import static dev.thrum.Async.*;

import dev.thrum.channel.*;

final Map<String, Broadcast<String>> rooms = new LinkedHashMap<>();

Broadcast<String> room(String name) {
  return rooms.computeIfAbsent(name, _ -> Broadcast.create(2, Overflow.DROP_OLDEST));
}

/// Nobody waits here: `trySend` works also in a task that has been cancelled.
void say(String room, String line) {
  room(room).trySend(line);
}

void member(String name, String room, int turnsForALine) {
  try (var reader = room(room).subscribe()) {
    say(room, name + " joins");
    long missed = 0;
    for (var line : reader) {
      if (reader.missed() > missed) {
        IO.println("%s missed %d lines".formatted(name, reader.missed() - missed));
        missed = reader.missed();
      }
      IO.println("%s reads in the %s: %s".formatted(name, room, line));
      turns(turnsForALine);
    }
    IO.println(name + " finds the " + room + " closed");
  } catch (CancellationException e) {
    say(room, name + " leaves");
    throw e;
  }
}

/// Lets everybody do something so many times.
void turns(int count) {
  for (int i = 0; i < count; i++) {
    checkpoint();
  }
}

void main() {
  run(() -> {
    async(() -> member("ada", "kitchen", 1));
    async(() -> member("bob", "kitchen", 8));
    async(() -> member("fay", "garden", 1));
    var eve = async(() -> member("eve", "garden", 1));
    turns(2);
    for (var line : List.of("tea is ready", "who wants cake?", "the last piece!", "gone")) {
      say("kitchen", "cook: " + line);
      turns(2);
    }
    say("garden", "gardener: mind the roses");
    turns(2);
    eve.cancel("has to go");
    turns(2);
    IO.println(room("garden").readers() + " in the garden");
    rooms.values().forEach(Broadcast::close);
  });
}
