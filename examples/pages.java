/// Search results that come in pages, as one sequence: a generator asks for the next page only when
/// its consumer has used up the last one.
///
/// The consumer stops in the middle. Closing its cursor lets the generator's `finally` run, which
/// waits for the server to close the session; only then does the consumer go on. Prints two pages
/// of books, "session closed" and "3 books, 2 pages loaded".
import static dev.thrum.Async.*;
import static java.time.Duration.*;

import dev.thrum.stream.Generator;

record Page(List<String> books, boolean isLast) {}

/// What the server has, two books a page.
static final List<List<String>> SHELF =
    List.of(
        List.of("Emma", "Persuasion"),
        List.of("Middlemarch", "Silas Marner"),
        List.of("Jane Eyre", "Villette"));

int loaded;

Page load(int number) {
  sleep(ofMillis(50));
  IO.println("page " + number + " loaded");
  loaded++;
  return new Page(SHELF.get(number - 1), number == SHELF.size());
}

Generator<String> books() {
  return Generator.of(y -> {
    try {
      for (int number = 1; ; number++) {
        var page = load(number);
        y.emitAll(page.books());
        if (page.isLast()) {
          return;
        }
      }
    } finally {
      sleep(ofMillis(50));
      IO.println("session closed");
    }
  });
}

void main() {
  run(() -> {
    int count = 0;
    try (var books = books().iterator()) {
      for (var book : books) {
        IO.println("  " + book);
        count++;
        if (book.startsWith("Middle")) {
          break;
        }
      }
    }
    IO.println("%d books, %d pages loaded".formatted(count, loaded));
  });
}
