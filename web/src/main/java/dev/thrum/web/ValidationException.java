package dev.thrum.web;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A request that is not as it has to be. It is answered with 422 and `{"detail": [{"type": …,
/// "loc": ["body", "price"], "msg": …, "input": …}]}`.
///
/// It has no stack trace, as it says nothing of the program but something of the request.
public final class ValidationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What is wrong.
  @SuppressWarnings("serial") // it is not serialized
  private final List<Problem> problems;

  /// What is wrong with one part of a request.
  ///
  /// @param type the kind of problem, such as `missing` or `int_parsing`
  /// @param loc where: `body`, `query`, `path`, `header` or `cookie`, then names and indices
  /// @param msg what people are told
  /// @param input what came there, if something did
  public record Problem(String type, List<Object> loc, String msg, Optional<Object> input) {

    /// Makes the place unchangeable.
    public Problem {
      Objects.requireNonNull(type, "type");
      loc = List.copyOf(loc);
      Objects.requireNonNull(msg, "msg");
      Objects.requireNonNull(input, "input");
    }
  }

  /// Several problems.
  ///
  /// @param problems at least one
  public ValidationException(List<Problem> problems) {
    super(text(problems), null, false, false);
    this.problems = List.copyOf(problems);
  }

  /// One problem.
  ///
  /// @param problem the problem
  public ValidationException(Problem problem) {
    this(List.of(problem));
  }

  private static String text(List<Problem> problems) {
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("no problem, no exception");
    }
    Problem first = problems.getFirst();
    return first.loc() + ": " + first.msg();
  }

  /// What is wrong.
  ///
  /// @return the problems, in the order in which they were found
  public List<Problem> problems() {
    return problems;
  }
}
