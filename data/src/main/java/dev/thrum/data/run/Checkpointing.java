package dev.thrum.data.run;

import static dev.thrum.Async.blocking;
import static dev.thrum.Async.sleep;

import dev.thrum.sync.Event;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Sends barriers through the run from time to time, and writes down what they have saved.
///
/// The sources send them, each between two elements; when its call returns, everything behind it
/// has saved what it was.
final class Checkpointing {
  private final Optional<Folder> folder;
  private final Duration every;
  private final Set<SourceRun> open = new HashSet<>();
  private final Set<SourceRun> all = new HashSet<>();
  private final Set<SourceRun> missing = new HashSet<>();
  private Event complete = Event.create("a checkpoint");
  private Optional<Barrier> barrier = Optional.empty();
  private boolean sent;
  private long id;

  Checkpointing(Optional<Folder> folder, Duration every) {
    this.folder = folder;
    this.every = every;
  }

  void follows(long last) {
    id = last;
  }

  void begun(SourceRun source) {
    all.add(source);
    open.add(source);
  }

  /// A source is between two elements.
  void pass(SourceRun source) throws Exception {
    if (barrier.isPresent() && missing.remove(source)) {
      Barrier mine = barrier.get();
      sent = true;
      mine.save(source.name, source.position());
      source.next().barrier(mine);
      done(source);
    }
  }

  private void done(SourceRun source) {
    waiting.remove(source);
    if (waiting.isEmpty()) {
      complete.set();
    }
  }

  private final Set<SourceRun> waiting = new HashSet<>();

  /// A source has given everything.
  void ended(SourceRun source) {
    open.remove(source);
    if (missing.remove(source)) {
      barrier.ifPresent(one -> one.save(source.name, source.position()));
      done(source);
    }
  }

  /// Writes checkpoints for ever.
  void run(List<SinkStage> sinks) throws Exception {
    if (folder.isEmpty()) {
      return;
    }
    while (true) {
      sleep(every);
      if (open.isEmpty()) {
        return;
      }
      Barrier mine = new Barrier(++id);
      sent = false;
      for (SourceRun source : all) {
        if (!open.contains(source)) {
          mine.save(source.name, source.position());
        }
      }
      missing.addAll(open);
      waiting.addAll(open);
      complete = Event.create("a checkpoint");
      barrier = Optional.of(mine);
      complete.await();
      barrier = Optional.empty();
      if (!sent) {
        return; // all have ended before they could send it
      }
      blocking(() -> folder.get().write(mine.saved(false)));
      for (SinkStage sink : sinks) {
        sink.committed();
      }
    }
  }

  long next() {
    return ++id;
  }
}
