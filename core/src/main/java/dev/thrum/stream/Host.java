package dev.thrum.stream;

import dev.thrum.Scope;
import dev.thrum.Task;
import dev.thrum.TaskLocal;
import dev.thrum.VoidBody;
import dev.thrum.internal.Hosting;
import dev.thrum.internal.wait.Party;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ForkJoinWorkerThread;

/// The task that runs a stream, as a gatherer in it knows it.
///
/// It is not always the one that pushes: a gatherer further up may have a helper, which pushes in
/// its place while it waits, so that a gatherer asks with each element who does. Children belong to
/// the host's scope all the same, since a helper may end before them.
///
/// @param task the task
/// @param scope where its children belong
/// @param operation the gatherer: `mapAsync(…)`
/// @param hosts the task, and the hosts of other streams in whose place it pushes
record Host(Party task, Scope scope, String operation, Set<Party> hosts) {
  private static final TaskLocal<StandIn> STAND_IN = TaskLocal.create();

  /// A helper and the hosts in whose place it pushes.
  private record StandIn(Party helper, Set<Party> hosts) {}

  /// The calling task, which begins a stream.
  static Host of(String operation) {
    if (Thread.currentThread() instanceof ForkJoinWorkerThread) {
      throw parallel(operation);
    }
    Party task = Here.task("a stream with " + operation + " works");
    Set<Party> hosts = new HashSet<>(hostsOf(task));
    hosts.add(task);
    return new Host(task, ((Hosting) task).innermostScope(), operation, hosts);
  }

  private static Set<Party> hostsOf(Party caller) {
    if (!STAND_IN.isSet()) {
      return Set.of();
    }
    StandIn inherited = STAND_IN.get();
    return inherited.helper == caller ? inherited.hosts : Set.of();
  }

  /// Whether the stream's own task is cancelled: then it throws that by itself at its next wait.
  boolean isCancelled() {
    return task.mustLeave();
  }

  /// Who pushes: the caller, which is the host or a helper. Throws in another task or thread.
  Party pusher() {
    Party caller = Party.current();
    if (caller != task && !hostsOf(caller).contains(task)) {
      throw parallel(operation);
    }
    return caller;
  }

  /// Who pushes. Throws also if that task is cancelled.
  Party enter() {
    Party pusher = pusher();
    pusher.enter();
    return pusher;
  }

  /// Starts a background child, whoever pushes.
  Task<?> background(VoidBody<?> body) {
    return scope.background(body);
  }

  /// Starts a background child that pushes in the host's place.
  Task<?> helper(VoidBody<?> body) {
    return background(() -> STAND_IN.where(new StandIn(Party.current(), hosts), body));
  }

  static IllegalStateException parallel(String operation) {
    return new IllegalStateException(
        operation
            + " works in the one task that runs the stream, and this one is parallel: call"
            + " sequential()");
  }
}
