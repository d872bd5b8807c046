package dev.thrum.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// What other threads hand to a loop: a lock-free stack that the loop takes whole and turns round,
/// so that what one thread sends stays in order.
///
/// The nodes are the messages themselves (a fiber that became ready, a request), so sending
/// allocates nothing. Once closed it refuses, and nothing that was accepted is left in it: the
/// stack's head is swapped for a mark that no push gets past.
public final class Inbox {

  /// A message. It may stand in one inbox at a time.
  public abstract static class Node {
    @Nullable Node next;

    /// Made by subclasses.
    protected Node() {}

    /// Called on the loop.
    protected abstract void arrive();
  }

  private static final VarHandle HEAD;

  static {
    try {
      HEAD = MethodHandles.lookup().findVarHandle(Inbox.class, "head", Node.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final Node CLOSED =
      new Node() {
        @Override
        protected void arrive() {
          throw new AssertionError("the mark of a closed inbox is not a message");
        }
      };

  private volatile @Nullable Node head;

  /// An open, empty inbox.
  public Inbox() {}

  /// Sends from any thread.
  ///
  /// @param node the message
  /// @return false if the inbox is closed
  public boolean push(Node node) {
    Node top;
    do {
      top = head;
      if (top == CLOSED) {
        return false;
      }
      node.next = top;
    } while (!HEAD.compareAndSet(this, top, node));
    return true;
  }

  /// Whether the loop has nothing to take.
  ///
  /// @return true if there is no message
  public boolean isEmpty() {
    Node top = head;
    return top == null || top == CLOSED;
  }

  /// Lets every message that is here arrive, oldest first. On the loop only.
  public void drain() {
    if (!isEmpty()) {
      deliver((Node) HEAD.getAndSet(this, null));
    }
  }

  /// Closes it for good; what came before still arrives. On the loop only.
  public void close() {
    Node rest = (Node) HEAD.getAndSet(this, CLOSED);
    if (rest != CLOSED) {
      deliver(rest);
    }
  }

  private static void deliver(@Nullable Node newest) {
    Node oldest = null;
    Node node = newest;
    while (node != null) {
      Node next = node.next;
      node.next = oldest;
      oldest = node;
      node = next;
    }
    while (oldest != null) {
      Node next = oldest.next;
      oldest.next = null;
      oldest.arrive();
      oldest = next;
    }
  }
}
