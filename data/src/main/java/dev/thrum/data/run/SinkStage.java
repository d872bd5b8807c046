package dev.thrum.data.run;

import static dev.thrum.Async.blocking;

import dev.thrum.Body;
import dev.thrum.Scope;
import dev.thrum.data.PipelineException;
import dev.thrum.data.Sink;
import dev.thrum.sync.Semaphore;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/// The end of the operators: gathers elements, and has the sink write them beside the loop while
/// the next ones come.
final class SinkStage extends Stage {
  private static final int GATHERED = 512;

  private final Scope scope;
  private final Sink<Object> sink;
  private final Optional<SinkStage> letters;
  private final Semaphore turn;
  private List<Object> gathered = new ArrayList<>(GATHERED);
  private Optional<Sink.Writer<Object>> writer = Optional.empty();

  /// @param letters the sink that is to be saved together with this one
  SinkStage(String name, Scope scope, Sink<Object> sink, Optional<SinkStage> letters) {
    super(name, null);
    this.scope = scope;
    this.sink = sink;
    this.letters = letters;
    this.turn = Semaphore.create(name, 1);
  }

  void open(Optional<Saved> saved) throws Exception {
    Optional<Serializable> state =
        saved.flatMap(one -> one.state(name)).map(Serializable.class::cast);
    writer = Optional.of(call(() -> sink.open(state)));
  }

  private Sink.Writer<Object> writer() {
    return writer.orElseThrow();
  }

  private <T> T call(Body<T, Exception> body) throws Exception {
    try {
      return sink.blocks() ? blocking(body) : body.call();
    } catch (CancellationException | PipelineException e) {
      throw e;
    } catch (Exception e) {
      throw new PipelineException("the sink " + name + " failed: " + e, e);
    }
  }

  @Override
  void accept(Object element) throws Exception {
    if (!sink.blocks()) {
      turn.withPermit(() -> {
        write(List.of(element));
      });
      return;
    }
    gathered.add(element);
    if (gathered.size() >= GATHERED) {
      begin();
    }
  }

  private void begin() {
    long before = System.nanoTime();
    turn.acquire();
    waited(System.nanoTime() - before);
    if (gathered.size() < GATHERED) {
      turn.release(); // somebody else has begun meanwhile
      return;
    }
    List<Object> full = gathered;
    gathered = new ArrayList<>(GATHERED);
    var _ =
        scope.async(
            name,
            () -> {
              try {
                write(full);
              } finally {
                turn.release();
              }
            });
  }

  private void write(List<Object> elements) throws Exception {
    call(() -> {
      writer().write(elements);
      return elements;
    });
    wrote(elements.size());
  }

  /// Has everything written that has come.
  private void writeRest() throws Exception {
    List<Object> rest = gathered;
    gathered = new ArrayList<>(GATHERED);
    if (!rest.isEmpty()) {
      write(rest);
    }
  }

  @Override
  void barrier(Barrier barrier) throws Exception {
    if (letters.isPresent()) {
      letters.get().barrier(barrier);
    }
    turn.withPermit(() -> {
      writeRest();
      barrier.save(name, call(() -> writer().prepare()));
    });
  }

  void committed() throws Exception {
    turn.withPermit(() -> {
      call(() -> {
        writer().committed();
        return name;
      });
    });
  }

  /// Everything has been written.
  @Override
  void end() throws Exception {
    turn.withPermit(() -> {
      writeRest();
    });
    if (letters.isPresent()) {
      letters.get().end();
    }
  }

  void finish() throws Exception {
    call(() -> {
      writer().finish();
      return name;
    });
  }

  /// @param keep whether another run may go on from here
  @SuppressWarnings("try")
  void close(boolean keep) throws Exception {
    if (writer.isEmpty()) {
      return;
    }
    call(() -> {
      try (var open = writer()) {
        if (!keep) {
          open.abandon();
        }
      }
      return name;
    });
  }
}
