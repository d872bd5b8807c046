package dev.thrum.data.run;

import static dev.thrum.Async.sleep;

import dev.thrum.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Sends barriers through the run from time to time, and writes down what they have saved.
///
/// The sources send them, each between two elements or while it waits for one; when its call
/// returns, everything behind it has saved what it was. A source that has come to its end is saved
/// where it ended.
final class Checkpointing {
  private final Optional<Folder> folder;
  private final Duration every;
  private final Codec codec;
  private final Set<SourceRun> all = new LinkedHashSet<>();
  private final Set<SourceRun> open = new LinkedHashSet<>();

  /// Who has not sent the barrier yet, and who has not come back from sending it.
  private final Set<SourceRun> missing = new LinkedHashSet<>();

  private final Set<SourceRun> under = new LinkedHashSet<>();
  private Event complete = Event.create("a checkpoint");
  private Optional<Barrier> barrier = Optional.empty();
  private boolean sent;
  private long id;

  Checkpointing(Optional<Folder> folder, Duration every, Codec codec) {
    this.folder = folder;
    this.every = every;
    this.codec = codec;
  }

  boolean isOn() {
    return folder.isPresent();
  }

  void follows(long last) {
    id = last;
  }

  Barrier next() {
    return new Barrier(++id, codec);
  }

  void begun(SourceRun source) {
    all.add(source);
    open.add(source);
  }

  /// Whether a source is to send a barrier now.
  boolean isDue(SourceRun source) {
    return missing.contains(source);
  }

  /// A source is between two elements.
  void pass(SourceRun source) throws Exception {
    if (!missing.remove(source)) {
      return;
    }
    Barrier mine = barrier.orElseThrow();
    sent = true;
    mine.save(source.name, source.position());
    source.next().barrier(mine);
    under.remove(source);
    completeIfAll();
  }

  private void completeIfAll() {
    if (missing.isEmpty() && under.isEmpty()) {
      complete.set();
    }
  }

  /// A source has given everything.
  void ended(SourceRun source) {
    open.remove(source);
    if (missing.remove(source)) {
      under.remove(source);
      completeIfAll();
    }
  }

  /// Writes checkpoints for ever.
  void run(List<SinkStage> sinks) throws Exception {
    while (folder.isPresent()) {
      sleep(every);
      if (open.isEmpty()) {
        return;
      }
      Barrier mine = next();
      List<SourceRun> sending = new ArrayList<>(open);
      sent = false;
      missing.addAll(sending);
      under.addAll(sending);
      complete = Event.create("a checkpoint");
      barrier = Optional.of(mine);
      sending.forEach(SourceRun::wake);
      complete.await();
      barrier = Optional.empty();
      if (!sent) {
        return; // all have ended before they could send it
      }
      for (SourceRun source : all) {
        if (!mine.has(source.name)) { // it had ended, or has ended instead of sending
          mine.save(source.name, source.position());
        }
      }
      folder.get().write(mine.saved(false));
      for (SinkStage sink : sinks) {
        sink.committed();
      }
    }
  }
}
