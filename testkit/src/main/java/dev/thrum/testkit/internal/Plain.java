package dev.thrum.testkit.internal;

/// The two orders that need no explanation.
enum Plain implements Strategy {
  /// As the loop does it: who has been ready longest goes first.
  FIFO {
    @Override
    public int pick(Conductor run, int count) {
      return 0;
    }
  },
  /// Each task runs for as long as it can.
  STAY {
    @Override
    public int pick(Conductor run, int count) {
      return run.stay();
    }
  };

  @Override
  public boolean isFair() {
    return true;
  }

  @Override
  public int draw(Conductor run, int bound) {
    return 0;
  }
}
