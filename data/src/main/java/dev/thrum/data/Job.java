package dev.thrum.data;

import dev.thrum.data.graph.Node;
import dev.thrum.data.graph.Operator;
import dev.thrum.data.run.Embedded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// A pipeline with a sink: complete, and ready to run any number of times.
///
/// {@snippet :
/// var summary = pipeline.to(Csv.write(Path.of("delays.csv"), Delay.class))
///     .deadLetters(JsonLines.write(Path.of("bad.jsonl")))
///     .checkpoints(Path.of("job"), Duration.ofSeconds(10))
///     .run();
/// }
///
/// A job is immutable: each setting makes a new one.
public final class Job {
  private final Node node;
  private final Sink<Object> sink;
  private final Optional<Sink<Object>> letters;
  private final Optional<Checkpoints> checkpoints;

  /// Where a job keeps what it needs to go on after a crash.
  ///
  /// @param folder a folder of its own, made if it is not there
  /// @param every how often it does so
  public record Checkpoints(Path folder, Duration every) {}

  private Job(
      Node node,
      Sink<Object> sink,
      Optional<Sink<Object>> letters,
      Optional<Checkpoints> checkpoints) {
    this.node = node;
    this.sink = sink;
    this.letters = letters;
    this.checkpoints = checkpoints;
  }

  static Job of(Node node, Sink<Object> sink) {
    var _ = node.names(); // refuses two of a name
    refuseToReadAndWrite(node, sink);
    return new Job(node, sink, Optional.empty(), Optional.empty());
  }

  private static void refuseToReadAndWrite(Node node, Sink<Object> sink) {
    if (node.operator() instanceof Operator.Read(FileRows<?> rows)
        && sink instanceof FileSink<Object> written
        && rows.hasFile(Path.of(written.file()))) {
      throw new IllegalArgumentException(written.file() + " is read and written");
    }
    node.inputs().forEach(input -> refuseToReadAndWrite(input, sink));
  }

  /// With a place for elements that fail: rows that cannot be read, and elements whose function
  /// throws. Without one the first of them ends the job.
  ///
  /// @param sink gets a letter for each
  /// @return a changed copy
  public Job deadLetters(Sink<? super Letter> sink) {
    return new Job(node, this.sink, Optional.of(Erased.sink(sink)), checkpoints);
  }

  /// With checkpoints. A run that ends before its time, by a crash, a failure or a cancellation, is
  /// gone on with by the next one from the last checkpoint; one that comes to its end removes them.
  ///
  /// State is exactly as if nothing had happened. Functions may have been called again for what
  /// came after the checkpoint. Sinks say of themselves whether what they hold is exact; those that
  /// write files are.
  ///
  /// @param folder a folder of its own, made if it is not there
  /// @param every how often
  /// @return a changed copy
  public Job checkpoints(Path folder, Duration every) {
    if (!every.isPositive()) {
      throw new IllegalArgumentException("time has to pass between two checkpoints: " + every);
    }
    return new Job(node, sink, letters, Optional.of(new Checkpoints(folder, every)));
  }

  /// Runs it here, to its end: in the calling task, or on a loop of its own if there is none.
  ///
  /// **Cancellation** ends it at once and closes everything; what a checkpoint holds stays.
  ///
  /// @return what it did
  /// @throws PipelineException if an element fails that no dead letters are for, or a source or
  ///   sink does
  public Summary run() {
    return Embedded.run(this);
  }

  /// The last operator before the sink.
  ///
  /// @return the pipeline's end
  public Node node() {
    return node;
  }

  /// Where the elements go.
  ///
  /// @return the sink
  public Sink<Object> sink() {
    return sink;
  }

  /// Where elements that fail go.
  ///
  /// @return the sink of letters, if there is one
  public Optional<Sink<Object>> letters() {
    return letters;
  }

  /// Where checkpoints go.
  ///
  /// @return folder and time, if there are any
  public Optional<Checkpoints> checkpoints() {
    return checkpoints;
  }

  @Override
  public String toString() {
    return node.description() + " → " + sink.name();
  }
}
