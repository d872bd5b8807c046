package dev.thrum;

/// What is known of the bodies of one class: whether they wait. A child is run on its awaiter's
/// stack only if others like it have run through without a wait; one that waits shows it for good.
///
/// Several loops may write here at once. That can cost a guess, no more.
final class Habit {
  private static final ClassValue<Habit> HABITS =
      new ClassValue<>() {
        @Override
        protected Habit computeValue(Class<?> bodies) {
          return new Habit();
        }
      };

  private boolean runsThrough;
  private boolean waits;

  private Habit() {}

  static Habit of(VoidBody<?> body) {
    return HABITS.get(body.getClass());
  }

  void note(boolean waited) {
    if (waited) {
      waits = true;
    } else {
      runsThrough = true;
    }
  }

  boolean neverWaits() {
    return runsThrough && !waits;
  }
}
