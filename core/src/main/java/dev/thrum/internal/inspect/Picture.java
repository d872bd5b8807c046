package dev.thrum.internal.inspect;

import dev.thrum.internal.wait.Guarded;
import dev.thrum.internal.wait.Held;
import dev.thrum.internal.wait.OpenWait;
import dev.thrum.internal.wait.Party;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The tasks of all loops at about one moment, with what leads from one to another.
final class Picture {
  private static final int READ_ALONE = 1_000;
  static final String HELD_BY = ", held by ";

  private final List<Look> looks = new ArrayList<>();
  private final Map<Object, Sight> byTask = new HashMap<>();
  private final Map<Sight, Watched> loops = new HashMap<>();
  private final Map<Sight, JdkWait> jdkWaits = new HashMap<>();
  private final Map<Sight, List<StackTraceElement>> stacks = new ConcurrentHashMap<>();
  private final Map<List<StackTraceElement>, List<StackTraceElement>> distinct =
      new ConcurrentHashMap<>();
  private @Nullable Map<Thread, Sight> byThread;
  private @Nullable Map<OwnerKey, Sight> owners;

  /// Somebody who holds or is awaited: a task that is in the picture, or another party.
  ///
  /// @param sight the task, or null
  /// @param name what to call it
  record Holder(@Nullable Sight sight, String name) {}

  private Picture() {}

  /// Looks at the loops of this JVM.
  ///
  /// @param loop the name of the only one to look at, or null
  static Picture take(@Nullable String loop) {
    Picture picture = new Picture();
    for (Watched each : Sampler.loops(loop)) {
      picture.add(each.look());
    }
    List<Watched> all = Sampler.loops();
    if (loop != null && picture.looks.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no loop '"
              + loop
              + "'; there "
              + switch (all.size()) {
                case 0 -> "is none";
                case 1 -> "is only " + all.getFirst().name();
                default -> "are " + Words.list(all.stream().map(Watched::name).toList());
              });
    }
    return picture;
  }

  private void add(Look look) {
    looks.add(look);
    for (Sight sight : look.tasks()) {
      byTask.put(sight.task(), sight);
      loops.put(sight, look.loop());
    }
  }

  List<Look> looks() {
    return looks;
  }

  /// All tasks.
  List<Sight> tasks() {
    return looks.size() == 1
        ? looks.getFirst().tasks()
        : looks.stream().flatMap(look -> look.tasks().stream()).toList();
  }

  Watched loopOf(Sight sight) {
    return Objects.requireNonNull(loops.get(sight));
  }

  /// A task by its loop and number; without a loop, of the first loop that has it.
  Sight find(@Nullable String loop, long id) {
    for (Sight sight : tasks()) {
      if (sight.id() == id && (loop == null || loopOf(sight).name().equals(loop))) {
        return sight;
      }
    }
    throw new IllegalArgumentException(
        "there is no task with the number " + id + "; it may have ended");
  }

  /// The only task of that loop and number. Loops may have one name.
  Sight findOnly(@Nullable String loop, long id) {
    Sight found = find(loop, id);
    long same = tasks().stream().filter(sight -> sight.id() == id).count();
    if (same > 1) {
      throw new IllegalArgumentException(
          "there are "
              + same
              + " loops"
              + (loop == null ? "" : " '" + loop + "'")
              + " with a task "
              + id
              + (loop == null
                  ? "; say which is meant"
                  : "; give loops different names with Runner.builder().name(…)"));
    }
    return found;
  }

  /// What kind of scope of its owner it is in, or null if that is the owner's body.
  @Nullable String scopeOf(Sight sight) {
    Sight owner = owners().get(new OwnerKey(loopOf(sight), sight.owner()));
    int index = sight.ownerScope() - 1;
    return owner == null || index < 0 || index >= owner.scopes().size()
        ? null
        : owner.scopes().get(index).kind();
  }

  private record OwnerKey(Watched loop, long id) {}

  private Map<OwnerKey, Sight> owners() {
    Map<OwnerKey, Sight> known = owners;
    if (known == null) {
      known = new HashMap<>();
      for (Sight sight : tasks()) {
        if (sight.children() > 0) {
          known.put(new OwnerKey(loopOf(sight), sight.id()), sight);
        }
      }
      owners = known;
    }
    return known;
  }

  /// What it waits for and for how long at most, in words, or null.
  @Nullable String waitsFor(Sight sight) {
    String text = waitsForWhat(sight);
    return text == null || sight.dueIn() < 0
        ? text
        : text + " (" + Words.millis(sight.dueIn()) + " left)";
  }

  /// What it waits for, in words, or null.
  @Nullable String waitsForWhat(Sight sight) {
    Object on = sight.waitsOn();
    String text =
        switch (sight.state()) {
          case WAITING -> on == null ? "something" : describe(on);
          case IN_JDK -> jdkWait(sight).text();
          default -> null;
        };
    if (text == null) {
      return null;
    }
    boolean said = isForTasks(on) || text.contains(HELD_BY);
    List<Holder> holders = said ? List.of() : holders(sight);
    return holders.isEmpty() ? text : text + HELD_BY + names(holders);
  }

  private static boolean isForTasks(@Nullable Object on) {
    return on instanceof Seen || on instanceof Seen.Children;
  }

  private String describe(Object on) {
    Sight task = byTask.get(on);
    return task != null
        ? "the end of " + label(task)
        : on instanceof Seen other ? "the end of " + other.name() : Words.thing(on);
  }

  /// A task's name, with its number if that does not say it.
  static String label(Sight sight) {
    return sight.name() == null ? sight.title() : sight.title() + " #" + sight.id();
  }

  private static String names(List<Holder> holders) {
    List<String> some = holders.stream().limit(3).map(Holder::name).toList();
    int more = holders.size() - some.size();
    return String.join(", ", some) + (more > 0 ? " and " + more + " more" : "");
  }

  /// Of a task in a call of the JDK.
  JdkWait jdkWait(Sight sight) {
    return jdkWaits.computeIfAbsent(
        sight, known -> JdkWait.of(known.task().thread(), stack(known)));
  }

  /// Where it is. Tasks that are at the same place have the same list.
  List<StackTraceElement> stack(Sight sight) {
    return stacks.computeIfAbsent(
        sight,
        known -> {
          List<StackTraceElement> stack = List.of(known.task().thread().getStackTrace());
          List<StackTraceElement> same = distinct.putIfAbsent(stack, stack);
          return same == null ? stack : same;
        });
  }

  /// Finds out where all of them are: a stack takes some microseconds. On several processors, but
  /// not from the start: in a JVM that has not done it before one of them compiles the code.
  void readStacks() {
    List<Sight> all = tasks();
    int alone = Math.min(all.size(), READ_ALONE);
    all.subList(0, alone).forEach(this::stack);
    all.subList(alone, all.size()).parallelStream().forEach(this::stack);
  }

  /// Who holds what it waits for, or is awaited by it, as far as that is known; not its children.
  List<Holder> holders(Sight sight) {
    return sight.waitsOn() instanceof Seen.Children ? List.of() : enders(sight);
  }

  /// Who can end its wait.
  private List<Holder> enders(Sight sight) {
    if (sight.state() == Sight.State.IN_JDK) {
      Thread owner = jdkWait(sight).owner();
      return owner == null ? List.of() : List.of(holder(owner));
    }
    return switch (sight.needs()) {
      case Held held -> held.holders().stream().map(this::holder).toList();
      case Party party -> List.of(holder(party));
      case null, default -> List.of();
    };
  }

  private Holder holder(Party party) {
    Sight sight = byTask.get(party);
    return sight == null ? new Holder(null, party.toString()) : new Holder(sight, label(sight));
  }

  private Holder holder(Thread thread) {
    Sight sight = threads().get(thread);
    return sight == null
        ? new Holder(
            null,
            "thread " + (thread.getName().isEmpty() ? "#" + thread.threadId() : thread.getName()))
        : new Holder(sight, label(sight));
  }

  private Map<Thread, Sight> threads() {
    Map<Thread, Sight> known = byThread;
    if (known == null) {
      known = new HashMap<>();
      for (Sight sight : tasks()) {
        known.put(sight.task().thread(), sight);
      }
      byThread = known;
    }
    return known;
  }

  // Things

  /// The lock, channel or the like that it waits for, if it is one that others may share.
  Optional<Object> thing(Sight sight) {
    if (sight.state() == Sight.State.IN_JDK) {
      return Optional.ofNullable(jdkWait(sight).lock());
    }
    Object on = sight.waitsOn();
    return on == null || isForTasks(on) || !(on instanceof OpenWait || on instanceof Held)
        ? Optional.empty()
        : Optional.of(on);
  }

  /// A name for it that stays the same.
  static String idOf(Object thing) {
    return thing instanceof Guarded guarded
        ? "t" + guarded.number()
        : "x" + Integer.toHexString(System.identityHashCode(thing));
  }

  /// One that is waited for or held.
  ///
  /// @param thing itself
  /// @param waiters who waits for it
  /// @param holders who holds it
  record Thing(Object thing, List<Sight> waiters, List<Holder> holders) {}

  /// All that somebody waits for or holds, those with the most waiters first.
  List<Thing> things() {
    Map<Object, List<Sight>> waiters = new HashMap<>();
    Map<Object, List<Holder>> holders = new HashMap<>();
    List<Object> order = new ArrayList<>();
    for (Sight sight : tasks()) {
      thing(sight)
          .ifPresent(thing -> {
            waiters.computeIfAbsent(thing, _ -> begin(order, thing)).add(sight);
            holders.putIfAbsent(thing, holders(sight));
          });
    }
    for (Sight sight : tasks()) {
      for (Held held : sight.holds()) {
        waiters.computeIfAbsent(held, _ -> begin(order, held));
        holders.putIfAbsent(held, held.holders().stream().map(this::holder).toList());
      }
    }
    return order.stream()
        .map(thing ->
            new Thing(
                thing,
                waiters.getOrDefault(thing, List.of()),
                holders.getOrDefault(thing, List.of())))
        .sorted((a, b) -> Integer.compare(b.waiters.size(), a.waiters.size()))
        .toList();
  }

  private static List<Sight> begin(List<Object> order, Object thing) {
    order.add(thing);
    return new ArrayList<>();
  }

  // Waits in a circle

  /// The circles in which tasks wait for each other, each once.
  List<List<Sight>> cycles() {
    List<List<Sight>> found = new ArrayList<>();
    Set<Sight> done = new HashSet<>();
    for (Sight start : tasks()) {
      if (!done.contains(start)) {
        follow(start, done, found);
      }
    }
    return found;
  }

  /// Where several could end a wait, the first is followed.
  private void follow(Sight start, Set<Sight> done, List<List<Sight>> found) {
    Sight at = next(start);
    if (at == null) { // as for most
      return;
    }
    Set<Sight> path = new LinkedHashSet<>();
    path.add(start);
    while (at != null && !done.contains(at) && path.add(at)) {
      at = next(at);
    }
    if (at != null && path.contains(at)) {
      found.add(path.stream().dropWhile(Predicate.not(Predicate.isEqual(at))).toList());
    }
    done.addAll(path);
  }

  private @Nullable Sight next(Sight sight) {
    if (sight.state() != Sight.State.WAITING && sight.state() != Sight.State.IN_JDK) {
      return null;
    }
    return enders(sight).stream()
        .map(Holder::sight)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /// For a task, who waits for its end or for what it holds.
  List<Sight> awaitedBy(Sight sight) {
    return tasks().stream()
        .filter(other -> enders(other).stream().anyMatch(holder -> holder.sight() == sight))
        .toList();
  }

  /// The children of each task, by its number; the main task is the child of 0.
  static Map<Long, List<Sight>> children(List<Sight> tasks) {
    Map<Long, List<Sight>> children = new HashMap<>();
    for (Sight sight : tasks) {
      children.computeIfAbsent(sight.owner(), _ -> new ArrayList<>()).add(sight);
    }
    return children;
  }
}
