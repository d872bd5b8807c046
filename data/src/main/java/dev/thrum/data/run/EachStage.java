package dev.thrum.data.run;

import dev.thrum.data.graph.Operator;

/// What looks at one element at a time and holds none.
final class EachStage extends Stage {
  private final Letters letters;
  private final Work work;

  /// What it does with an element.
  interface Work {
    void on(Object element, EachStage stage) throws Exception;
  }

  EachStage(String name, Stage next, Letters letters, Work work) {
    super(name, next);
    this.letters = letters;
    this.work = work;
  }

  static Work of(Operator.Map map) {
    return (element, stage) -> stage.make(element, map.step()::apply);
  }

  static Work of(Operator.Filter filter) {
    return (element, stage) -> {
      boolean wanted;
      try {
        wanted = filter.condition().test(element);
      } catch (Exception e) {
        stage.letters.failed(stage.name, element, e);
        return;
      }
      if (wanted) {
        stage.give(element);
      }
    };
  }

  static Work of(Operator.FlatMap flat) {
    return (element, stage) -> {
      java.util.Iterator<?> made;
      try {
        made = flat.step().apply(element).iterator();
      } catch (Exception e) {
        stage.letters.failed(stage.name, element, e);
        return;
      }
      stage.giveAll(element, made);
    };
  }

  private void giveAll(Object element, java.util.Iterator<?> made) throws Exception {
    while (true) {
      Object one;
      try {
        if (!made.hasNext()) {
          return;
        }
        one = made.next();
      } catch (Exception e) {
        letters.failed(name, element, e);
        return;
      }
      give(one);
    }
  }

  /// A function.
  interface Step {
    Object apply(Object element) throws Exception;
  }

  void make(Object element, Step step) throws Exception {
    Object made;
    try {
      made = step.apply(element);
    } catch (Exception e) {
      letters.failed(name, element, e);
      return;
    }
    if (made == null) {
      letters.nothing(name, element);
    } else {
      give(made);
    }
  }

  @Override
  void accept(Object element) throws Exception {
    work.on(element, this);
  }
}
