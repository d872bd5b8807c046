package dev.thrum.internal.inspect;

import dev.thrum.internal.Frames;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What a task waits for that is parked in a call of the JDK.
///
/// @param text the call, and the lock or whatever else it parks on
/// @param lock that, or null
/// @param owner the thread that holds the lock, if the JVM tells: it must be started with
///   `--add-opens java.base/java.util.concurrent.locks=ALL-UNNAMED`
record JdkWait(String text, @Nullable Object lock, @Nullable Thread owner) {
  private static final @Nullable Method OWNER = findOwner();

  private static @Nullable Method findOwner() {
    try {
      Method owner = AbstractOwnableSynchronizer.class.getDeclaredMethod("getExclusiveOwnerThread");
      return owner.trySetAccessible() ? owner : null;
    } catch (ReflectiveOperationException | RuntimeException _) {
      return null;
    }
  }

  static JdkWait of(Thread thread, List<StackTraceElement> stack) {
    Object lock = LockSupport.getBlocker(thread);
    Thread.State state = thread.getState();
    String call = call(stack);
    if (state == Thread.State.BLOCKED) {
      return new JdkWait("a monitor" + (call.isEmpty() ? "" : ", to enter " + call), null, null);
    }
    String text = call.isEmpty() ? "a call of the JDK" : call;
    if (lock == null || lock instanceof Seen) {
      return new JdkWait(text, null, null);
    }
    Thread owner = ownerOf(lock);
    return new JdkWait(text + " on " + Words.identity(lock), lock, owner);
  }

  private static @Nullable Thread ownerOf(Object lock) {
    if (OWNER == null || !(lock instanceof AbstractOwnableSynchronizer)) {
      return null;
    }
    try {
      return (Thread) OWNER.invoke(lock);
    } catch (ReflectiveOperationException _) {
      return null;
    }
  }

  /// What the program called, as `ReentrantLock.lock`; of a monitor, the method that wants it.
  private static String call(List<StackTraceElement> stack) {
    String call = "";
    for (StackTraceElement frame : stack) {
      if (!Frames.isOfJdk(frame)) {
        return call.isEmpty() ? name(frame) : call;
      }
      call = name(frame);
    }
    return "";
  }

  private static String name(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName();
  }
}
