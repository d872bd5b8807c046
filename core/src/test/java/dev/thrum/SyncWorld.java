package dev.thrum;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.thrum.Lockstep.Waiting;
import dev.thrum.sync.Barrier;
import dev.thrum.sync.BrokenException;
import dev.thrum.sync.Event;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A semaphore, a limiter, a read-write lock, an event and a barrier, each beside its model.
final class SyncWorld implements Lockstep.World {
  private final RandomGenerator random;
  private final List<QueueModel> models;

  SyncWorld(RandomGenerator random) {
    this.random = random;
    this.models =
        List.of(
            new PermitModels.Permits(random, random.nextInt(4), 4),
            new PermitModels.Tokens(random, random.nextInt(3)),
            new PermitModels.Reading(random),
            new Flag(random),
            new Meeting(random, 1 + random.nextInt(4)));
  }

  @Override
  public void turn(Lockstep.Actor me) throws Throwable {
    models.get(random.nextInt(models.size())).turn(me);
  }

  @Override
  public void atRest(Lockstep run) throws Throwable {
    for (QueueModel model : models) {
      model.compare();
    }
    models.forEach(QueueModel::help);
  }

  static final class Flag extends QueueModel {
    private final Event event = Event.create();
    private boolean set;

    Flag(RandomGenerator random) {
      super(random);
    }

    @Override
    Object thing() {
      return event;
    }

    @Override
    void turn(Lockstep.Actor me) throws Throwable {
      switch (random.nextInt(4)) {
        case 0 -> {
          set = true;
          serveAll(DONE);
          me.performAtOnce("set " + event, DONE, () -> done(event::set));
        }
        case 1 -> {
          set = false;
          me.performAtOnce("clear " + event, DONE, () -> done(event::clear));
        }
        default -> perform(me, "await", 1, set, event::await);
      }
    }

    @Override
    void compare() throws Throwable {
      assertEquals(set, event.isSet(), "whether it is set");
      compareQueue("queue");
    }

    @Override
    void help() {
      set = true;
      serveAll(DONE);
      event.set();
    }
  }

  static final class Meeting extends QueueModel {
    private final Barrier barrier;
    private boolean broken;

    Meeting(RandomGenerator random, int parties) {
      super(random);
      barrier = Barrier.create(parties);
    }

    @Override
    Object thing() {
      return barrier;
    }

    @Override
    void turn(Lockstep.Actor me) throws Throwable {
      switch (random.nextInt(12)) {
        case 0 -> {
          broken = false;
          serveAll(FAILED);
          me.performAtOnce("reset " + barrier, DONE, () -> done(barrier::reset));
        }
        case 1 -> {
          broken = true;
          serveAll(FAILED);
          me.performAtOnce("abort " + barrier, DONE, () -> done(barrier::abort));
        }
        default -> me.perform("await " + barrier, this::arrive, () -> await(barrier));
      }
    }

    private static Object await(Barrier barrier) {
      try {
        return barrier.await();
      } catch (BrokenException _) {
        return FAILED;
      }
    }

    private @Nullable Object arrive(Waiting waiting) {
      if (broken) {
        return FAILED;
      }
      if (waiting() < barrier.parties() - 1) {
        queue.add(new Wish(waiting, 1));
        return null;
      }
      int index = 0;
      for (Wish wish = first(); wish != null; wish = first()) {
        wish.who().serve(index++);
      }
      return index;
    }

    @Override
    void compare() throws Throwable {
      assertEquals(broken, barrier.isBroken(), "whether it is broken");
      compareQueue("round");
    }

    @Override
    void help() {
      broken = false;
      serveAll(FAILED);
      barrier.reset();
    }
  }
}
