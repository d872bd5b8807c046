package dev.thrum.internal.wait;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.thrum.DeadlockException.Wait;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The search for a cycle, among parties that go on while it walks.
class WaitGraphTest {

  /// A lock that is held by whom it is told.
  private static final class Lock implements Held {
    private final String name;
    private List<Party> holders = List.of();

    Lock(String name) {
      this.name = name;
    }

    void heldBy(Stub... stubs) {
      holders = List.of(stubs).stream().map(stub -> stub.party).toList();
    }

    @Override
    public List<Party> holders() {
      return holders;
    }

    @Override
    public void abandonedBy(Party holder) {
      throw new AssertionError("nobody ends here");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /// A party that waits for what it is told, and does something after somebody has looked at it.
  private static final class Stub {
    final Party party =
        (Party)
            Proxy.newProxyInstance(
                Stub.class.getClassLoader(), new Class<?>[] {Party.class}, this::answer);
    private final String name;
    private Object on;
    private long number;
    private Runnable afterLook = () -> {};

    Stub(String name) {
      this.name = name;
    }

    void waitsFor(Object wanted) {
      on = wanted;
      number++;
    }

    void afterLook(Runnable action) {
      afterLook = action;
    }

    private Object answer(Object self, Method method, Object[] arguments) {
      return switch (method.getName()) {
        case "name", "toString" -> name;
        case "hashCode" -> System.identityHashCode(self);
        case "equals" -> self == arguments[0];
        case "waitNumber" -> number;
        case "waitsFor" -> {
          Object seen = on;
          afterLook.run();
          yield seen;
        }
        default -> throw new AssertionError(method);
      };
    }
  }

  private final Stub a = new Stub("a");
  private final Stub b = new Stub("b");
  private final Stub c = new Stub("c");
  private final Lock one = new Lock("one");
  private final Lock two = new Lock("two");

  @Test
  void aCycleIsFoundWithItsEdgesInOrder() {
    one.heldBy(b);
    two.heldBy(a);
    b.waitsFor(two);
    assertEquals(
        List.of(new Wait("a", "one"), new Wait("b", "two")), WaitGraph.cycle(a.party, one));
    assertNull(WaitGraph.cycle(c.party, one), "c would wait, but nobody waits for it");
  }

  @Test
  void anyOfSeveralHoldersMayCloseIt() {
    one.heldBy(c, b);
    two.heldBy(a);
    b.waitsFor(two);
    assertEquals(
        List.of(new Wait("a", "one"), new Wait("b", "two")), WaitGraph.cycle(a.party, one));
    c.waitsFor(new Object());
    assertEquals(2, WaitGraph.cycle(a.party, one).size());
    b.waitsFor(new Object());
    assertNull(WaitGraph.cycle(a.party, one));
  }

  @Test
  void aCycleOfOthersIsNotTheCallers() {
    one.heldBy(b);
    two.heldBy(c);
    b.waitsFor(two);
    c.waitsFor(one);
    assertNull(WaitGraph.cycle(a.party, one));
  }

  @Test
  void oneThatWaitsAgainAndAgainIsNotStuck() {
    one.heldBy(b);
    two.heldBy(a);
    b.waitsFor(two);
    b.afterLook(() -> b.waitsFor(two));
    assertNull(WaitGraph.cycle(a.party, one));
  }

  @Test
  void oneThatHasGivenBackMeanwhileIsNotStuck() {
    one.heldBy(c, b);
    two.heldBy(a);
    b.waitsFor(two);
    b.afterLook(() -> one.heldBy(c));
    assertNull(WaitGraph.cycle(a.party, one));
  }

  @Test
  void whatMovedOnceIsLookedAtAgain() {
    one.heldBy(b);
    two.heldBy(a);
    b.waitsFor(two);
    int[] looks = {0};
    b.afterLook(() -> {
      if (++looks[0] == 2) {
        b.waitsFor(two);
      }
    });
    assertEquals(2, WaitGraph.cycle(a.party, one).size());
  }
}
