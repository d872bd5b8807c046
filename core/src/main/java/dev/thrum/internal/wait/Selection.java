package dev.thrum.internal.wait;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Which one of several things that a party waits for came first. The first to claim it wins.
public final class Selection {
  /// Nothing has won yet.
  public static final int OPEN = -1;

  /// It has been given up.
  public static final int GIVEN_UP = -2;

  private static final VarHandle WINNER;

  static {
    try {
      WINNER = MethodHandles.lookup().findVarHandle(Selection.class, "winner", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // by its handle
  private int winner = OPEN;

  private volatile boolean handedOver;

  /// Its party will not come back.
  volatile boolean abandoned;

  /// A selection that nothing has won.
  public Selection() {}

  /// Decides it. From any thread.
  ///
  /// @param clause who wants to win, or [#GIVEN_UP]
  /// @return false if it was decided before
  public boolean win(int clause) {
    return !abandoned && WINNER.compareAndSet(this, OPEN, clause);
  }

  /// Whether something can still win.
  boolean isOpen() {
    return !abandoned && winner() == OPEN;
  }

  /// The winner has what it waited for.
  void handOver() {
    handedOver = true;
  }

  /// Whether the winner has what it waited for.
  ///
  /// @return true from then on
  boolean isHandedOver() {
    return handedOver;
  }

  /// Who has won.
  ///
  /// @return the clause, [#OPEN] or [#GIVEN_UP]
  public int winner() {
    return (int) WINNER.getAcquire(this);
  }
}
