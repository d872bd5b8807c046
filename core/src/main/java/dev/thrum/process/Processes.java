package dev.thrum.process;

import dev.thrum.internal.process.DeclaredTypes;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A pool of child JVMs that run serializable bodies: for code that may crash, leak or never end,
/// for native libraries that do not bear threads, and for heaps of their own.
///
/// {@snippet :
/// import static dev.thrum.process.Processes.process;
///
/// int pages = process(() -> Pdf.pageCount(file));   // in another JVM; the calling task waits
/// }
///
/// What only computes is quicker in [dev.thrum.Async#parallel]: a call here costs the copying of
/// the body and the result, and the first ones the start of a JVM.
///
/// **The children.** They are started when they are needed, used again and again, and ended when
/// they have been idle for a while. Each runs one body at a time, on a thread of its own. A child
/// has this JVM's program, class path, environment, working folder, and the system properties that
/// this JVM has when the child starts; other flags only if [Builder#jvmArgs] gives them. Classes that only this JVM has, such as those of a source file that was compiled in memory,
/// are lent to it. It prints where this JVM prints, and its standard input is empty. Static fields
/// are its own.
///
/// **What goes over.** The body with all that it captures, its value and its exception, as copies,
/// by Java serialization. A body that cannot be serialized is refused before any process is
/// touched, with a [TransferException] that names the class and the way to it. An exception comes
/// out as itself, with the child's stack and then the caller's. A child accepts no class but those
/// that its parent sent. This JVM accepts from a child: values, collections, enums and exceptions of
/// the module `java.base`, and exceptions of Thrum; classes nested in the outermost class that the
/// body stands in; classes that were sent with it; what the code of the lambda, or the method that a
/// method reference names, declares that it returns or throws; what [Builder#allow] lists; and what
/// the fields and type arguments of all these are declared as. Nothing that an answer names adds to
/// that. Anything else is refused, before anything of it runs, with a [TransferException], which
/// has the text and the stack of an exception that may not come.
///
/// **Guarantees.** First come, first served. If the caller is cancelled, a body that has not begun
/// is dropped, and one that runs is killed with its child, at once and for good, whatever it does;
/// the caller leaves when the process is gone, also if its answer is being unpacked, which a thread
/// of the pool then does in vain. A child that ends for a reason of its own gives its
/// caller a [WorkerFailedException], and the pool goes on with a new one. Children end with this
/// JVM, also if it is killed. While a task waits here, its loop's time does not jump.
///
/// **Non-guarantees.** Killing a child does not let its `finally` blocks run, and programs that its
/// body has started live on. How long an answer takes to unpack is up to the classes that it may be
/// made of. Task locals, scoped values and thread locals do not go over. A body
/// can run only where it is found: a class whose static state was changed here has its initial
/// state there.
///
/// **Threads.** Any task of any loop and any thread may use a pool. A thread blocks, and an
/// interrupt is its cancellation. A body and its captures are serialized by the caller, and the
/// result is deserialized by a thread of the pool.
@SuppressWarnings("overloads") // ProcessBody extends VoidProcessBody so that they are not ambiguous
public sealed interface Processes extends AutoCloseable permits ProcessesImpl {

  /// A pool of as many children as there are processors.
  ///
  /// @return an open pool; made inside a task, it is closed at the latest when the task's loop ends
  static Processes create() {
    return builder().build();
  }

  /// Options to be chosen.
  ///
  /// @return a builder
  static Builder builder() {
    return new Builder();
  }

  /// The pool that [#process(ProcessBody)] uses, with the default options. It belongs to nobody, and
  /// closing it has no effect; its children end when they are idle for a minute, and with this JVM.
  ///
  /// @return the same pool each time
  static Processes shared() {
    return ProcessesImpl.Shared.POOL;
  }

  /// Runs a body in a child JVM of the [#shared] pool: see [#run(ProcessBody)].
  ///
  /// @param body what to run
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return its value, as a copy
  /// @throws X if it fails
  static <T extends @Nullable Object, X extends Throwable> T process(ProcessBody<T, X> body)
      throws X {
    return shared().run(body);
  }

  /// Runs a body without a value in a child JVM of the [#shared] pool.
  ///
  /// @param body what to run
  /// @param <X> what it may throw
  /// @throws X if it fails
  static <X extends Throwable> void process(VoidProcessBody<X> body) throws X {
    shared().run(body);
  }

  /// Runs a body in a child JVM and waits for it. Without a free child it starts one, or waits its
  /// turn if there are as many as there may be.
  ///
  /// @param body what to run
  /// @param <T> the type of its value
  /// @param <X> what it may throw
  /// @return its value, as a copy
  /// @throws X if it fails
  /// @throws TransferException if the body, its value or its exception cannot go over
  /// @throws WorkerFailedException if the child ends before the body does
  /// @throws java.util.concurrent.RejectedExecutionException if the pool has been closed
  /// @throws java.util.concurrent.CancellationException if the pool is closed at once meanwhile, or
  ///   the body ended with a cancellation of its own
  <T extends @Nullable Object, X extends Throwable> T run(ProcessBody<T, X> body) throws X;

  /// Runs a body without a value in a child JVM and waits for it.
  ///
  /// @param body what to run
  /// @param <X> what it may throw
  /// @throws X if it fails
  <X extends Throwable> void run(VoidProcessBody<X> body) throws X;

  /// Starts as many children as there may be and waits until they are ready, so that the first
  /// bodies need not.
  ///
  /// @throws WorkerFailedException if one cannot be started
  /// @throws java.util.concurrent.RejectedExecutionException if the pool has been closed
  void warmUp();

  /// The child JVMs that there are now.
  ///
  /// @return their processes, in no order; out of date as soon as it is known
  List<ProcessHandle> workers();

  /// Takes no more bodies, waits for those that are there, and ends the children. If the caller is
  /// cancelled, now or meanwhile, the children are killed at once, and whoever still waits for a
  /// body gets a `java.util.concurrent.CancellationException`. When it returns there is no child
  /// any more. It throws nothing for a cancellation; the next suspension point does. A second call
  /// just waits too.
  @Override
  void close();

  /// The options of a pool.
  final class Builder {
    int workers = Runtime.getRuntime().availableProcessors();
    int maxTasksPerWorker = Integer.MAX_VALUE;
    Duration idleTimeout = Duration.ofMinutes(1);
    Duration startTimeout = Duration.ofSeconds(30);
    List<String> jvmArgs = List.of();
    @Nullable String classPath;
    Redirect stdout = Redirect.INHERIT;
    Redirect stderr = Redirect.INHERIT;
    final Set<Class<?>> allowed = new LinkedHashSet<>();

    private Builder() {}

    /// How many children there may be at a time; by default as many as there are processors.
    ///
    /// @param limit at least 1
    /// @return this
    public Builder workers(int limit) {
      workers = checkPositive(limit, "workers");
      return this;
    }

    /// After how many bodies a child is replaced, for code that leaks; by default never.
    ///
    /// @param limit at least 1
    /// @return this
    public Builder maxTasksPerWorker(int limit) {
      maxTasksPerWorker = checkPositive(limit, "maxTasksPerWorker");
      return this;
    }

    /// For how long a child may have nothing to do before it is ended; by default for a minute.
    /// Time here is the system's, also where a loop has a clock of its own.
    ///
    /// @param time more than zero
    /// @return this
    public Builder idleTimeout(Duration time) {
      idleTimeout = checkPositive(time, "idleTimeout");
      return this;
    }

    /// How long a child may take to start; by default 30 seconds.
    ///
    /// @param time more than zero
    /// @return this
    public Builder startTimeout(Duration time) {
      startTimeout = checkPositive(time, "startTimeout");
      return this;
    }

    /// Flags for the children, such as `-Xmx512m` or `-Dname=value`. A child's heap may grow to a
    /// quarter of the machine's memory, as any JVM's, unless a flag says otherwise.
    ///
    /// @param flags the flags; they replace earlier ones
    /// @return this
    public Builder jvmArgs(String... flags) {
      jvmArgs = List.of(flags);
      return this;
    }

    /// The children's class path, in the place of this JVM's. What is missing there is lent by this
    /// JVM, one class at a time.
    ///
    /// @param path as for `java -cp`, without wildcards
    /// @return this
    public Builder classPath(String path) {
      classPath = Objects.requireNonNull(path, "path");
      return this;
    }

    /// Classes that may come back from a child, beside those that may anyhow, with what their
    /// fields are declared as. Their `readObject` methods then run on what a child sends.
    ///
    /// @param types the classes
    /// @return this
    public Builder allow(Class<?>... types) {
      for (Class<?> type : types) {
        DeclaredTypes.addTo(allowed, Objects.requireNonNull(type, "type"));
      }
      return this;
    }

    /// Where the children's standard output goes; by default where this JVM's goes. With
    /// [Redirect#PIPE] it goes line by line to `System.out`, also if that was set to something else,
    /// and no further once the child has ended.
    ///
    /// @param to where to
    /// @return this
    public Builder stdout(Redirect to) {
      stdout = checkOutput(to);
      return this;
    }

    /// Where the children's standard error goes; by default where this JVM's goes. With
    /// [Redirect#PIPE] it goes line by line to `System.err`, and a [WorkerFailedException] has the
    /// last lines of it.
    ///
    /// @param to where to
    /// @return this
    public Builder stderr(Redirect to) {
      stderr = checkOutput(to);
      return this;
    }

    /// Makes the pool. No child is started yet.
    ///
    /// @return an open pool
    public Processes build() {
      return ProcessesImpl.create(this);
    }

    private static Redirect checkOutput(Redirect to) {
      if (to.type() == Redirect.Type.READ) {
        throw new IllegalArgumentException("output cannot be written to " + to);
      }
      return to;
    }

    private static int checkPositive(int count, String what) {
      if (count < 1) {
        throw new IllegalArgumentException(what + " must be at least 1, not " + count);
      }
      return count;
    }

    private static Duration checkPositive(Duration time, String what) {
      if (!time.isPositive()) {
        throw new IllegalArgumentException(what + " must be more than zero, not " + time);
      }
      return time;
    }
  }
}
