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
/// sees the other. What it reads of other threads may change while it walks, so a cycle counts only
/// if a second walk finds it again: a real one cannot dissolve by itself.
public final class WaitGraph {
  private WaitGraph() {}

  /// The cycle that there would be if a party waited for something.
  ///
  /// @param waiter who is going to wait
  /// @param wanted a [Held] or a [Party]
  /// @return its edges in order, or null if there is none
  public static @Nullable List<DeadlockException.Wait> cycle(Party waiter, Object wanted) {
    VarHandle.fullFence();
    if (!leads(wanted, waiter)) {
      return null;
    }
    List<DeadlockException.Wait> edges = new ArrayList<>();
    return trace(waiter, wanted, waiter, edges, seen()) ? edges : null;
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

  private static boolean trace(
      Party from,
      Object wanted,
      Party target,
      List<DeadlockException.Wait> edges,
      Set<Object> seen) {
    if (!seen.add(from)) {
      return false;
    }
    edges.add(new DeadlockException.Wait(from.name(), wanted.toString()));
    List<Party> next =
        switch (wanted) {
          case Party party -> List.of(party);
          case Held held -> held.holders();
          default -> List.of();
        };
    for (Party holder : next) {
      if (holder == target) {
        return true;
      }
      Object waits = holder.waitsFor();
      if (waits != null && trace(holder, waits, target, edges, seen)) {
        return true;
      }
    }
    edges.removeLast();
    return false;
  }

  private static Set<Object> seen() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}
