package dev.thrum.programs;

import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.programs.Program.check;
import static dev.thrum.programs.Program.failsInFifo;
import static dev.thrum.programs.Program.passesInFifo;
import static dev.thrum.programs.Program.steps;

import dev.thrum.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something is looked up, something is awaited, and what was looked up is not there any more.
final class Stale {
  static final List<Program> ALL =
      List.of(
          passesInFifo("aba_stack", "atomicity", Stale::aba),
          passesInFifo("evict_in_use", "resource", Stale::evictInUse),
          passesInFifo("iterate_across_await", "atomicity", Stale::iterateAcrossAwait),
          failsInFifo("unsubscribe_in_publish", "order", Stale::unsubscribeInPublish),
          failsInFifo("return_then_close", "resource", Stale::returnThenClose),
          passesInFifo("stale_search_result", "order", Stale::staleSearchResult));

  private Stale() {}

  /// A pop compares the top with what it was and finds it the same, but it has been away meanwhile,
  /// and what was below it is somebody else's now.
  private static void aba(boolean mended) {
    final class Node {
      @Nullable Node below;
    }
    var stack =
        new Object() {
          @Nullable Node top;
          int changes;

          @Nullable Node pop() {
            while (true) {
              Node seen = top;
              int then = changes;
              if (seen == null) {
                return null;
              }
              Node next = seen.below;
              checkpoint();
              if (top == seen && (!mended || changes == then)) {
                top = next;
                changes++;
                return seen;
              }
            }
          }

          void push(Node node) {
            node.below = top;
            top = node;
            changes++;
          }
        };
    stack.push(new Node());
    stack.push(new Node());
    var popped = new ArrayList<@Nullable Node>();
    gather(
        () -> popped.add(stack.pop()),
        () -> {
          Node first = stack.pop();
          Node second = stack.pop();
          popped.add(second);
          if (first != null) {
            stack.push(first);
          }
        });
    for (Node node = stack.top; node != null; node = node.below) {
      check(!popped.contains(node), "what was popped is not in the stack");
    }
  }

  /// A cache closes an entry that has become old while somebody still reads it.
  private static void evictInUse(boolean mended) {
    var entry =
        new Object() {
          int users;
          boolean evicted;
          boolean closed;

          void use() {
            if (evicted) {
              return;
            }
            users++;
            checkpoint();
            check(!closed, "an entry in use is not closed");
            users--;
            closeIfUnused();
          }

          void evict() {
            evicted = true;
            if (mended) {
              closeIfUnused();
            } else {
              closed = true;
            }
          }

          private void closeIfUnused() {
            closed |= evicted && users == 0;
          }
        };
    gather(
        () -> entry.use(),
        () -> {
          steps(3);
          entry.evict();
        });
    check(entry.closed, "an evicted entry is closed");
  }

  /// A list grows while somebody goes through it and awaits something for each element.
  private static void iterateAcrossAwait(boolean mended) {
    var members = new ArrayList<>(List.of("ada", "bob"));
    gather(
        () -> members.add("carl"),
        () -> {
          for (String _ : mended ? List.copyOf(members) : members) {
            checkpoint();
          }
        });
  }

  /// A message goes to all who were subscribed when its publishing began, though one has left.
  private static void unsubscribeInPublish(boolean mended) {
    final class Subscriber {
      boolean closed;

      void receive() {
        check(!closed, "who has left gets no message");
      }
    }
    var first = new Subscriber();
    var second = new Subscriber();
    var subscribers = new ArrayList<>(List.of(first, second));
    gather(
        () -> {
          for (Subscriber each : List.copyOf(subscribers)) {
            if (!mended || subscribers.contains(each)) {
              each.receive();
            }
            checkpoint();
          }
        },
        () -> {
          subscribers.remove(second);
          second.closed = true;
        });
  }

  /// A connection that turned out to be broken is given back to the pool first and closed then.
  private static void returnThenClose(boolean mended) {
    final class Connection {
      boolean closed;
    }
    Channel<Connection> pool = Channel.buffered(1);
    pool.send(new Connection());
    gather(
        () -> {
          var connection = pool.receive();
          checkpoint();
          if (mended) {
            connection.closed = true;
            checkpoint();
            pool.send(new Connection());
          } else {
            pool.send(connection);
            checkpoint();
            connection.closed = true;
          }
        },
        () -> {
          var connection = pool.receive();
          checkpoint();
          check(!connection.closed, "a connection from the pool is open");
          pool.send(connection);
        });
  }

  /// The answer to what was typed first comes last, and is shown.
  private static void staleSearchResult(boolean mended) {
    var box =
        new Object() {
          String typed = "";
          String shown = "";

          void type(String query) {
            typed = query;
            steps(3);
            if (!mended || typed.equals(query)) {
              shown = query;
            }
          }
        };
    gather(
        () -> box.type("a"),
        () -> {
          checkpoint();
          box.type("ab");
        });
    check(box.shown.equals(box.typed), "what is shown answers what was typed last");
  }
}
