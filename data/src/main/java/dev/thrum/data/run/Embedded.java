package dev.thrum.data.run;

import static dev.thrum.Async.blocking;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;

import dev.thrum.Async;
import dev.thrum.Body;
import dev.thrum.Scope;
import dev.thrum.Task;
import dev.thrum.data.Job;
import dev.thrum.data.PipelineException;
import dev.thrum.data.Resource;
import dev.thrum.data.Sink;
import dev.thrum.data.Summary;
import dev.thrum.data.graph.Node;
import dev.thrum.data.graph.Operator;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A run of a job on the calling task's loop.
public final class Embedded {
  private static final Logger LOG = System.getLogger("dev.thrum.data");

  private final Job job;
  private final Map<Node, String> names;
  private final Optional<Folder> folder;
  private final Checkpointing checkpointing;
  private final List<AutoCloseable> resources = new ArrayList<>();
  private final IdentityHashMap<Resource<?>, AutoCloseable> opened = new IdentityHashMap<>();
  private final List<Stage> stages = new ArrayList<>();
  private final List<SourceRun> sources = new ArrayList<>();
  private final List<SinkStage> sinks = new ArrayList<>();
  private final long begin = System.nanoTime();

  private Embedded(Job job) {
    this(job, job.node().names());
  }

  private Embedded(Job job, Map<Node, String> names) {
    this.job = job;
    this.names = names;
    Codec codec = Codec.of(job);
    this.folder = job.checkpoints().map(where -> new Folder(where.folder(), job.toString(), codec));
    this.checkpointing =
        new Checkpointing(
            folder, job.checkpoints().map(Job.Checkpoints::every).orElse(Duration.ZERO), codec);
  }

  /// Runs a job to its end.
  ///
  /// @param job the job
  /// @return what it did
  public static Summary run(Job job) {
    return isTask() ? new Embedded(job).run() : Async.run(() -> new Embedded(job).run());
  }

  private static boolean isTask() {
    try {
      Task<?> _ = Async.current();
      return true;
    } catch (IllegalStateException _) {
      return false;
    }
  }

  private Summary run() {
    boolean keep = folder.isPresent();
    try {
      Optional<Saved> saved = keep ? blocking(folder.get()::latest) : Optional.empty();
      Summary summary = closing(keep, () -> scope(scope -> run(scope, saved)));
      if (keep) {
        blocking(folder.get()::clear);
      }
      return summary;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new PipelineException(job + " failed: " + e, e);
    }
  }

  private Summary run(Scope scope, Optional<Saved> saved) throws Exception {
    Optional<SinkStage> dead =
        job.letters()
            .map(sink -> sinkStage(scope, "dead letters " + sink.name(), sink, Optional.empty()));
    Letters letters = new Letters(dead);
    SinkStage last = sinkStage(scope, "to " + job.sink().name(), job.sink(), dead);
    for (SinkStage sink : sinks) {
      sink.open(saved);
    }
    boolean written = saved.map(Saved::finishing).orElse(false);
    if (!written) {
      build(job.node(), last, scope, letters, saved.isPresent());
      work(saved);
      if (folder.isPresent()) {
        Barrier barrier = checkpointing.next();
        last.barrier(barrier);
        folder.get().write(barrier.saved(true));
      }
    }
    for (SinkStage sink : sinks) {
      sink.finish();
    }
    return summary(letters, saved.isPresent());
  }

  /// Closes everything when the work has ended and all its children are joined.
  ///
  /// @param keep whether another run may go on where this one fails
  private <T> T closing(boolean keep, Body<T, Exception> work) throws Exception {
    T value;
    try {
      value = work.call();
    } catch (Throwable failure) {
      try {
        shield(() -> closeAll(keep));
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
      throw failure;
    }
    shield(() -> closeAll(true));
    return value;
  }

  private Summary summary(Letters letters, boolean resumed) {
    return new Summary(
        Duration.ofNanos(System.nanoTime() - begin),
        stages.stream().map(Stage::summary).toList(),
        letters.count(),
        resumed);
  }

  // The stages, from the sinks up

  private SinkStage sinkStage(
      Scope scope, String name, Sink<Object> sink, Optional<SinkStage> letters) {
    SinkStage stage = new SinkStage(name, scope, sink, letters);
    sinks.add(stage);
    stages.addFirst(stage);
    return stage;
  }

  /// @param again whether letters about tables have been written by an earlier run
  private void build(Node node, Stage next, Scope scope, Letters letters, boolean again)
      throws Exception {
    String name = Objects.requireNonNull(names.get(node));
    Stage stage =
        switch (node.operator()) {
          case Operator.Read read -> {
            SourceRun source = new SourceRun(name, next, read.source(), letters, checkpointing);
            sources.add(source);
            yield source;
          }
          case Operator.Map map -> new EachStage(name, next, letters, EachStage.of(map));
          case Operator.Filter filter -> new EachStage(name, next, letters, EachStage.of(filter));
          case Operator.FlatMap flat -> new EachStage(name, next, letters, EachStage.of(flat));
          case Operator.MapParallel parallel ->
              new ParallelStage(name, next, scope, letters, parallel.step());
          case Operator.MapAsync async -> {
            Object resource = open(async.resource());
            yield new AsyncStage(
                name,
                next,
                scope,
                letters,
                async.how(),
                element -> async.step().apply(resource, element));
          }
          case Operator.Batched batched -> new BatchStage(name, next, scope, batched);
          case Operator.Aggregate aggregate -> new AggregateStage(name, next, letters, aggregate);
          case Operator.Join join ->
              new EachStage(
                  name,
                  next,
                  letters,
                  joining(join, table(join, name, scope, again ? letters.muted() : letters)));
          case Operator.RateLimit limit -> new RateStage(name, next, limit);
          case Operator.Merge _ -> new MergeStage(name, next, node.inputs().size());
        };
    stages.addFirst(stage);
    for (Node input : node.inputs().reversed()) {
      build(input, stage, scope, letters, again);
    }
  }

  private Object open(List<Resource<?>> resource) throws Exception {
    if (resource.isEmpty()) {
      return "";
    }
    AutoCloseable known = opened.get(resource.getFirst());
    if (known == null) {
      known = resource.getFirst().open().get();
      opened.put(resource.getFirst(), known);
      resources.add(known);
    }
    return known;
  }

  /// Reads a table: a run of its own, from its source into memory.
  private Map<Object, Object> table(Operator.Join join, String name, Scope scope, Letters letters)
      throws Exception {
    Map<Object, Object> rows = new HashMap<>();
    Stage into =
        new Stage(name, null) {
          @Override
          void accept(Object row) throws Exception {
            Object key;
            try {
              key = join.tableKey().apply(row);
            } catch (Exception e) {
              letters.failed(name, row, e);
              return;
            }
            rows.put(key, row);
          }

          @Override
          void end() {}
        };
    Embedded reading = new Embedded(job, names);
    return reading.closing(
        true,
        () -> {
          reading.build(join.table(), into, scope, letters, false);
          scope(inner -> {
            for (SourceRun source : reading.sources) {
              var _ = inner.async(source.name, source::run);
            }
          });
          return rows;
        });
  }

  private static EachStage.Work joining(Operator.Join join, Map<Object, Object> rows) {
    return (element, stage) ->
        stage.make(
            element,
            one -> join.both().apply(one, Optional.ofNullable(rows.get(join.key().apply(one)))));
  }

  // The work

  private void work(Optional<Saved> saved) throws Exception {
    if (saved.isPresent()) {
      checkpointing.follows(saved.get().id());
      LOG.log(Level.INFO, "{0} goes on from checkpoint {1}", job, saved.get().id());
      for (Stage stage : List.copyOf(stages).reversed()) {
        stage.restore(saved.get());
      }
    }
    sources.forEach(checkpointing::begun);
    scope(inner -> {
      var _ = inner.background(() -> checkpointing.run(sinks));
      for (SourceRun source : sources) {
        var _ = inner.async(source.name, source::run);
      }
    });
  }

  private void closeAll(boolean keep) throws Exception {
    Exception first = null;
    List<AutoCloseable> all = new ArrayList<>();
    for (SinkStage sink : sinks) {
      all.add(() -> sink.close(keep));
    }
    all.addAll(resources.reversed());
    for (AutoCloseable one : all) {
      try {
        one.close();
      } catch (Exception e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
