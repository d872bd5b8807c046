package dev.thrum.data;

import dev.thrum.data.graph.Node;
import dev.thrum.data.graph.Operator;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What becomes of the elements of a source: a description, which nothing runs yet.
///
/// {@snippet :
/// var summary = Csv.read("flights.csv", Flight.class)
///     .filter(flight -> flight.delay() > 0)
///     .mapAsync(1000, flight -> weather(flight))
///     .keyBy(Seen::origin)
///     .aggregate(() -> Mean.NONE, Mean::plus, (String origin, Mean mean) -> mean.of(origin))
///     .to(Csv.write(Path.of("delays.csv"), Delay.class))
///     .run();
/// }
///
/// A pipeline is immutable: each operator makes a new one, and two may go on from the same one.
/// Functions are called in tasks of the run, one element after the other, on the loop's thread;
/// they may wait, and hold everything else while they compute. [#mapAsync] works on many elements
/// at a time, [#mapParallel] computes on all processors.
///
/// **Order.** Elements keep their order, but in [#mapAsync] with [InFlight#unordered] and in
/// [#merge]. A cluster with more than one worker keeps none.
///
/// **Failures.** An element whose function throws ends the job with a [PipelineException] that
/// names operator and element, unless the job has [dead letters][Job#deadLetters]. An `Error` ends
/// it always.
///
/// **Names.** Operators are numbered; [#named] gives the last one a name, by which errors, the
/// summary and checkpoints know it.
///
/// @param <T> the type of the elements
public final class Pipeline<T> {
  private final Node node;

  private Pipeline(Node node) {
    this.node = node;
  }

  // Where it begins

  /// The elements of a source.
  ///
  /// @param source the source
  /// @param <T> the type of the elements
  /// @return a pipeline
  public static <T> Pipeline<T> from(Source<T> source) {
    return new Pipeline<>(new Node("", new Operator.Read(source), List.of()));
  }

  /// Elements that are there already.
  ///
  /// @param elements the elements, in their order
  /// @param <T> the type of the elements
  /// @return a pipeline
  @SafeVarargs
  @SuppressWarnings("varargs")
  public static <T> Pipeline<T> of(T... elements) {
    return from(new Given<>(List.of(elements)));
  }

  /// Elements that are there already, or are made when they are asked for. Each run asks for an
  /// iterator anew; to go on after a crash it passes over those that it has had.
  ///
  /// @param elements the elements, in their order
  /// @param <T> the type of the elements
  /// @return a pipeline; on a cluster only if the iterable is serializable
  public static <T> Pipeline<T> of(Iterable<T> elements) {
    return from(new Given<>(elements));
  }

  // Operators

  private <R> Pipeline<R> then(Operator operator) {
    return new Pipeline<>(new Node("", operator, List.of(node)));
  }

  /// Gives the last operator a name.
  ///
  /// @param name the name, which no other operator of the job has
  /// @return the same with a name
  public Pipeline<T> named(String name) {
    return new Pipeline<>(node.labelled(name));
  }

  /// Makes one element of each.
  ///
  /// @param step the function
  /// @param <R> the type of the results
  /// @return a longer pipeline
  public <R> Pipeline<R> map(Mapping<? super T, ? extends R> step) {
    return then(new Operator.Map(Erased.mapping(step)));
  }

  /// Makes one element of each on all processors, for functions that compute: the loop is not held,
  /// and the order is kept. The function must not wait and must not share what changes.
  ///
  /// @param step the function
  /// @param <R> the type of the results
  /// @return a longer pipeline
  public <R> Pipeline<R> mapParallel(Mapping<? super T, ? extends R> step) {
    return then(new Operator.MapParallel(Erased.mapping(step)));
  }

  /// Keeps what is wanted.
  ///
  /// @param condition tells what is wanted
  /// @return a longer pipeline
  public Pipeline<T> filter(Condition<? super T> condition) {
    return then(new Operator.Filter(Erased.condition(condition)));
  }

  /// Makes any number of elements of each.
  ///
  /// @param step the function
  /// @param <R> the type of the results
  /// @return a longer pipeline
  public <R> Pipeline<R> flatMap(Mapping<? super T, ? extends Iterable<? extends R>> step) {
    return then(new Operator.FlatMap(Erased.mapping(step)));
  }

  /// Makes one element of each, many at a time, each in a task of its own: for functions that wait.
  /// Results keep the order of the elements.
  ///
  /// @param limit how many elements may have begun and not left, at least 1
  /// @param step the function
  /// @param <R> the type of the results
  /// @return a longer pipeline
  public <R> Pipeline<R> mapAsync(int limit, Mapping<? super T, ? extends R> step) {
    return mapAsync(InFlight.of(limit), step);
  }

  /// As [#mapAsync(int, Mapping)], with a choice about order, time limits and failures.
  ///
  /// @param how the choice
  /// @param step the function
  /// @param <R> the type of the results
  /// @return a longer pipeline
  public <R> Pipeline<R> mapAsync(InFlight how, Mapping<? super T, ? extends R> step) {
    Mapping<Object, Object> erased = Erased.mapping(step);
    return then(new Operator.MapAsync(how, List.of(), (_, element) -> erased.apply(element)));
  }

  /// As [#mapAsync(InFlight, Mapping)], with something that is opened once for the run.
  ///
  /// @param how many at a time and the like
  /// @param resource what the function gets as its first argument
  /// @param step the function
  /// @param <C> the type of the resource
  /// @param <R> the type of the results
  /// @return a longer pipeline
  public <C extends AutoCloseable, R> Pipeline<R> mapAsync(
      InFlight how, Resource<C> resource, Combining<? super C, ? super T, ? extends R> step) {
    return then(new Operator.MapAsync(how, List.of(resource), Erased.combining(step)));
  }

  /// Collects the elements to lists of so many. One that is not full goes on when a time has passed
  /// since its first element, and at the end.
  ///
  /// @param size how many, at least 1
  /// @param longest how long an element waits for others at the most
  /// @return a longer pipeline
  public Pipeline<List<T>> batch(int size, Duration longest) {
    if (size < 1) {
      throw new IllegalArgumentException("the size must be at least 1: " + size);
    }
    return then(new Operator.Batched(size, longest));
  }

  /// Says what belongs together, for [Keyed].
  ///
  /// @param key the key of an element, with `equals` and `hashCode`
  /// @param <K> the type of the keys
  /// @return the operators that look at a key's elements
  public <K> Keyed<K, T> keyBy(Mapping<? super T, ? extends K> key) {
    return new Keyed<>(this, Erased.mapping(key));
  }

  /// Puts beside each element what a table has for it. The table is read whole before the first
  /// element comes, on each worker of a cluster; of several rows with a key the last one counts.
  ///
  /// @param table the rows
  /// @param key the key of an element
  /// @param tableKey the key of a row
  /// @param both makes one of an element and its row, empty if there is none
  /// @param <S> the type of the rows
  /// @param <K> the type of the keys
  /// @param <R> the type of the results
  /// @return a longer pipeline
  public <S, K, R> Pipeline<R> join(
      Pipeline<S> table,
      Mapping<? super T, ? extends K> key,
      Mapping<? super S, ? extends K> tableKey,
      Combining<? super T, Optional<S>, ? extends R> both) {
    return then(
        new Operator.Join(
            table.node.copy(),
            Erased.mapping(key),
            Erased.mapping(tableKey),
            Erased.combining(both)));
  }

  /// Lets not more than so many elements pass in a time.
  ///
  /// @param most how many, at least 1
  /// @param period in what time
  /// @return a longer pipeline
  public Pipeline<T> rateLimit(int most, Duration period) {
    if (most < 1) {
      throw new IllegalArgumentException("at least 1 element must be let pass: " + most);
    }
    return then(new Operator.RateLimit(most, period));
  }

  /// The elements of this one and of another one, as they come.
  ///
  /// @param other the other one
  /// @return a longer pipeline
  public Pipeline<T> merge(Pipeline<? extends T> other) {
    return new Pipeline<>(new Node("", new Operator.Merge(), List.of(node, other.node.copy())));
  }

  <R> Pipeline<R> aggregated(
      Mapping<Object, Object> key,
      Mapping<Object, Object> first,
      Combining<Object, Object, Object> fold,
      Combining<Object, Object, Object> result) {
    return then(new Operator.Aggregate(key, first, fold, result));
  }

  // Where it ends

  /// Sends the elements to a sink.
  ///
  /// @param sink the sink
  /// @return a complete job
  public Job to(Sink<? super T> sink) {
    return Job.of(node, Erased.sink(sink));
  }

  /// Does something with each element, one after the other; it may wait. A run that goes on after a
  /// crash does it again for those that came after the last checkpoint.
  ///
  /// @param action what to do
  /// @return a complete job
  public Job forEach(Consuming<? super T> action) {
    return to(new Doing<>(action));
  }

  /// Runs it here and gives the elements.
  ///
  /// @return the elements, which have to fit into memory
  public List<T> toList() {
    Collecting<T> sink = new Collecting<>();
    var _ = to(sink).run();
    return sink.elements();
  }

  /// The operators, for those who run it.
  ///
  /// @return the last one
  public Node node() {
    return node;
  }

  @Override
  public String toString() {
    return node.description();
  }
}
