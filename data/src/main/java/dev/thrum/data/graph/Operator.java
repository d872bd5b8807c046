package dev.thrum.data.graph;

import dev.thrum.data.Combining;
import dev.thrum.data.Condition;
import dev.thrum.data.InFlight;
import dev.thrum.data.Mapping;
import dev.thrum.data.Resource;
import dev.thrum.data.Source;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/// What an operator of a pipeline does.
///
/// The types of the elements are the pipeline's business; here all are objects.
public sealed interface Operator extends Serializable {

  /// What it is, in a word.
  ///
  /// @return the name of the method that makes it, or of its source
  String word();

  /// The functions and other things of the program's that it needs where it runs.
  ///
  /// @return them
  default List<Object> parts() {
    return List.of();
  }

  /// Reads a source.
  ///
  /// @param source the source
  record Read(Source<?> source) implements Operator {
    @Override
    public String word() {
      return source.name();
    }

    @Override
    public List<Object> parts() {
      return List.of(source);
    }
  }

  /// One element for each.
  ///
  /// @param step the function
  record Map(Mapping<Object, Object> step) implements Operator {
    @Override
    public String word() {
      return "map";
    }

    @Override
    public List<Object> parts() {
      return List.of(step);
    }
  }

  /// One element for each, computed on all processors, in order.
  ///
  /// @param step the function
  record MapParallel(Mapping<Object, Object> step) implements Operator {
    @Override
    public String word() {
      return "mapParallel";
    }

    @Override
    public List<Object> parts() {
      return List.of(step);
    }
  }

  /// Only the wanted ones.
  ///
  /// @param condition tells what is wanted
  record Filter(Condition<Object> condition) implements Operator {
    @Override
    public String word() {
      return "filter";
    }

    @Override
    public List<Object> parts() {
      return List.of(condition);
    }
  }

  /// Any number for each.
  ///
  /// @param step the function
  record FlatMap(Mapping<Object, Iterable<?>> step) implements Operator {
    @Override
    public String word() {
      return "flatMap";
    }

    @Override
    public List<Object> parts() {
      return List.of(step);
    }
  }

  /// One element for each, many at a time.
  ///
  /// @param how how many, and what becomes of the slow and the failing
  /// @param resource what the function gets beside the element, or nothing
  /// @param step gets the resource, or an empty text, and the element
  record MapAsync(InFlight how, List<Resource<?>> resource, Combining<Object, Object, Object> step)
      implements Operator {
    @Override
    public String word() {
      return "mapAsync";
    }

    @Override
    public List<Object> parts() {
      return resource.isEmpty() ? List.of(step) : List.of(resource.getFirst(), step);
    }
  }

  /// Lists of elements.
  ///
  /// @param size how many
  /// @param longest how long an element waits for others
  record Batched(int size, Duration longest) implements Operator {
    @Override
    public String word() {
      return "batch";
    }
  }

  /// At the end, one element for each key: what is made of all that have it.
  ///
  /// @param key the key of an element
  /// @param first makes a state of the first element
  /// @param fold makes the next state of a state and an element
  /// @param result makes an element of a key and its state
  record Aggregate(
      Mapping<Object, Object> key,
      Mapping<Object, Object> first,
      Combining<Object, Object, Object> fold,
      Combining<Object, Object, Object> result)
      implements Operator {
    @Override
    public String word() {
      return "aggregate";
    }

    @Override
    public List<Object> parts() {
      return List.of(key, first, fold, result);
    }
  }

  /// Each element with what a table has for it.
  ///
  /// @param table where the rows come from, read whole before the first element
  /// @param key the key of an element
  /// @param tableKey the key of a row
  /// @param both gets the element and an `Optional`
  record Join(
      Node table,
      Mapping<Object, Object> key,
      Mapping<Object, Object> tableKey,
      Combining<Object, Object, Object> both)
      implements Operator {
    @Override
    public String word() {
      return "join";
    }

    @Override
    public List<Object> parts() {
      return List.of(key, tableKey, both);
    }
  }

  /// Not more than so many in a time.
  ///
  /// @param count how many
  /// @param period in what time
  record RateLimit(int count, Duration period) implements Operator {
    @Override
    public String word() {
      return "rateLimit";
    }
  }

  /// The elements of several, as they come.
  record Merge() implements Operator {
    @Override
    public String word() {
      return "merge";
    }
  }
}
