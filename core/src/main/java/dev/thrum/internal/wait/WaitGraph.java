package dev.thrum.internal.wait;

import dev.thrum.DeadlockException;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the cycle that one more wait would close.
///
/// A party that is going to wait makes that visible first (its waiter is begun) and then walks from
/// holder to holder. Of two that close a cycle from two threads at once, at least one therefore
/// sees the other.
///
/// What the walk reads of other threads changes under its feet, and edges that were never there at
/// one time can look like a cycle. So what it found is looked at once more: who is in the same wait
/// as before has waited all the time in between, and has given nothing back. If that holds for all
/// of them, all edges were there at the moment between the two looks.
///
/// One who waits behind somebody that has been cancelled may be free to go as soon as that one
/// runs. Before a cycle is believed, those are let go.
public final class WaitGraph {
  private static final int ATTEMPTS = 8;

  private static volatile boolean needed;

  /// That somebody waits, for what, and in which of its waits.
  private record Edge(Party waiter, long number, Object on) {
    boolean isStillThere() {
      return on.equals(waiter.waitsFor()) && waiter.waitNumber() == number;
    }

    boolean leadsTo(Party next) {
      return next(on).contains(next);
    }

    DeadlockException.Wait describe() {
      return new DeadlockException.Wait(waiter.name(), on.toString());
    }
  }

  private WaitGraph() {}

  /// Whether anybody in this JVM has ever had to wait for a lock. Until then no wait can close a
  /// cycle through one, and nobody has to look.
  ///
  /// @return true from the first such wait on
  public static boolean isNeeded() {
    return needed;
  }

  /// The cycle that there would be if a party waited for something.
  ///
  /// @param waiter who is going to wait
  /// @param wanted a [Held] or a [Party]
  /// @return its edges in order, or null if there is none
  public static @Nullable List<DeadlockException.Wait> cycle(Party waiter, Object wanted) {
    if (!needed) {
      needed = true;
    }
    VarHandle.fullFence();
    for (int attempt = 0; attempt < ATTEMPTS && leads(wanted, waiter); attempt++) {
      List<Edge> path = new ArrayList<>();
      if (!trace(new Edge(waiter, 0, wanted), waiter, path, seen())) {
        return null;
      }
      if (isStillThere(path) && !letIn(path)) {
        return path.stream().map(Edge::describe).toList();
      }
    }
    return null;
  }

  /// The usual case, without allocation: one holder each, and soon one that does not wait.
  private static boolean leads(Object wanted, Party target) {
    Object at = wanted;
    for (int step = 0; step < 4; step++) {
      Party next;
      if (at instanceof Party party) {
        next = party;
      } else if (at instanceof Held held) {
        List<Party> holders = held.holders();
        if (holders.size() != 1) {
          return !holders.isEmpty();
        }
        next = holders.getFirst();
      } else {
        return false;
      }
      if (next == target) {
        return true;
      }
      at = next.waitsFor();
      if (at == null) {
        return false;
      }
    }
    return true; // long enough for the careful walk
  }

  private static boolean trace(Edge edge, Party target, List<Edge> path, Set<Object> seen) {
    if (!seen.add(edge.waiter)) {
      return false;
    }
    path.add(edge);
    for (Party holder : next(edge.on)) {
      if (holder == target) {
        return true;
      }
      long number = holder.waitNumber();
      Object waits = holder.waitsFor();
      if (waits != null && trace(new Edge(holder, number, waits), target, path, seen)) {
        return true;
      }
    }
    path.removeLast();
    return false;
  }

  /// The first edge is the caller's own.
  private static boolean isStillThere(List<Edge> path) {
    for (int i = 1; i < path.size(); i++) {
      Edge edge = path.get(i);
      if (!path.get(i - 1).leadsTo(edge.waiter) || !edge.isStillThere()) {
        return false;
      }
    }
    return path.getLast().leadsTo(path.getFirst().waiter);
  }

  private static boolean letIn(List<Edge> path) {
    boolean any = false;
    for (Edge edge : path) {
      any |= edge.on instanceof Held held && held.letIn();
    }
    return any;
  }

  private static List<Party> next(Object on) {
    return switch (on) {
      case Party party -> List.of(party);
      case Held held -> held.holders();
      default -> List.of();
    };
  }

  private static Set<Object> seen() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}
