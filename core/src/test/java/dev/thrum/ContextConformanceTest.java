package dev.thrum;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.blocking;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.parallel;
import static dev.thrum.Async.scope;
import static dev.thrum.Async.shield;
import static dev.thrum.Async.sleep;
import static dev.thrum.Async.timeout;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// What a task takes over from its creator: task locals, scoped values; and what it does not.
class ContextConformanceTest {
  private static final TaskLocal<String> USER = TaskLocal.of("nobody");
  private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

  // Task locals

  @Test
  void cv01_aChildStartsWithWhatItsCreatorSaw() {
    VirtualTime.run(() -> {
      USER.set("before");
      Task<String> child = async(() -> USER.get());
      USER.set("after");
      assertEquals("before", child.await(), "taken at the creation, not at the start");
      assertEquals("after", USER.get());
    });
  }

  @Test
  void cv01_whatAChildSetsNeitherItsOwnerNorItsSiblingsSee() {
    VirtualTime.run(() -> {
      USER.set("main");
      Task<?> one =
          async(() -> {
            USER.set("one");
            sleep(ofMillis(5));
            assertEquals("one", USER.get());
          });
      Task<?> other =
          async(() -> {
            sleep(ofMillis(1));
            assertEquals("main", USER.get());
          });
      // Awaited at once, a child may share its awaiter's thread.
      await(async(() -> USER.set("two")));
      assertEquals("main", USER.get());
      one.await();
      other.await();
      assertEquals("main", USER.get());
    });
  }

  @Test
  void cv01_grandchildrenInheritToo() {
    VirtualTime.run(() -> {
      USER.set("main");
      assertEquals("main", await(async(() -> await(async(() -> USER.get())))));
    });
  }

  @Test
  void cv01_aScopeIsNoNewContext() throws Exception {
    VirtualTime.run(() -> {
      scope(_ -> {
        USER.set("inside");
      });
      assertEquals("inside", USER.get());
      timeout(ofSeconds(1), () -> USER.set("in a timeout"));
      shield(() -> assertEquals("in a timeout", USER.get()));
    });
  }

  @Test
  void cv01_theCreatorCountsAndNotTheOwner() {
    VirtualTime.run(() ->
        scope(s -> {
          USER.set("owner");
          Task<?> creator =
              async(() -> {
                USER.set("creator");
                Task<String> child = s.async(() -> USER.get());
                assertEquals("creator", child.await());
              });
          creator.await();
        }));
  }

  @Test
  void cv01_whereIsUndoneAtTheEndAndKeptByChildren() {
    VirtualTime.run(() -> {
      Task<String>[] child = newArray();
      assertEquals(
          "inner",
          USER.where(
              "inner",
              () -> {
                child[0] =
                    async(() -> {
                      sleep(ofMillis(1));
                      return USER.get();
                    });
                return USER.get();
              }));
      assertEquals("nobody", USER.get());
      assertEquals("inner", child[0].await());
      assertThrows(
          IllegalArgumentException.class,
          () ->
              USER.where(
                  "inner",
                  () -> {
                    throw new IllegalArgumentException("boom");
                  }));
      assertEquals("nobody", USER.get());
    });
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Task<String>[] newArray() {
    return new Task[1];
  }

  @Test
  void cv01_manyVariablesDoNotDisturbOneAnother() {
    VirtualTime.run(() -> {
      List<TaskLocal<Integer>> locals = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        locals.add(TaskLocal.create());
        assertFalse(locals.get(i).isSet());
        locals.get(i).set(i);
      }
      await(
          async(() -> {
            for (int i = 0; i < 20; i++) {
              assertEquals(i, locals.get(i).get());
              locals.get(i).set(-i);
            }
          }));
      for (int i = 0; i < 20; i++) {
        assertEquals(i, locals.get(i).get());
      }
      NoSuchElementException unset =
          assertThrows(NoSuchElementException.class, () -> TaskLocal.create().get());
      assertTrue(unset.getMessage().contains("not set"), unset.getMessage());
    });
  }

  @Test
  void cv01_aSubmittedTaskStartsWithTheInitialValues() throws Exception {
    Async.run(() -> {
      USER.set("main");
      Loop loop = Loop.current();
      CompletableFuture<String> seen = new CompletableFuture<>();
      Thread.ofPlatform().start(() -> loop.submit(() -> seen.complete(USER.get())));
      assertEquals("nobody", await(seen));
    });
  }

  @Test
  void cv05_blockingAndParallelSeeTheCallersValues() throws Exception {
    Async.run(() -> {
      USER.set("caller");
      assertEquals("caller", blocking(() -> USER.get()));
      assertEquals("caller", parallel(() -> USER.get()));
    });
  }

  @Test
  void cv05_whatTheySetEndsWithThem() throws Exception {
    Async.run(() -> {
      USER.set("caller");
      for (int i = 0; i < 20; i++) {
        parallel(() -> {
          USER.set("worker");
          assertEquals("worker", USER.get());
        });
        blocking(() -> USER.set("worker"));
        assertEquals("caller", USER.get());
      }
    });
    Async.run(() -> {
      for (int i = 0; i < 20; i++) {
        assertEquals("nobody", parallel(() -> USER.get()), "left in the pool's thread");
        assertEquals("nobody", blocking(() -> USER.get()));
      }
    });
  }

  @Test
  void cv05_aThreadBesideAnyLoopSeesTheInitialValueAndCannotSet() {
    assertEquals("nobody", USER.get());
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> USER.set("somebody"));
    assertTrue(refused.getMessage().contains("only inside a task"), refused.getMessage());
  }

  // Thread locals

  @Test
  void threadLocalsOfATaskAreItsOwn() {
    ThreadLocal<String> local = ThreadLocal.withInitial(() -> "fresh");
    VirtualTime.run(() -> {
      local.set("main");
      // Awaited at once, a child may share its awaiter's thread; it must not show.
      assertEquals(
          "fresh",
          await(
              async(() -> {
                String seen = local.get();
                local.set("child");
                checkpoint();
                assertEquals("child", local.get());
                return seen;
              })));
      assertEquals("main", local.get());
      async(() -> assertEquals("fresh", local.get()));
      checkpoint();
      assertEquals("main", local.get());
    });
  }

  @Test
  void everyTaskHasAThreadOfItsOwnWhileItIsSuspended() {
    VirtualTime.run(() -> {
      Thread main = Thread.currentThread();
      AtomicReference<Thread> other = new AtomicReference<>();
      Task<?> child =
          async(() -> {
            other.set(Thread.currentThread());
            sleep(ofMillis(1));
          });
      checkpoint();
      assertNotSame(main, other.get());
      assertTrue(other.get().isVirtual());
      child.await();
    });
  }

  // Scoped values

  @Test
  void scopedValues_areInheritedByChildrenOnTheConfinedEngine() {
    VirtualTime.run(() -> {
      Task<?>[] late = new Task<?>[1];
      ScopedValue.where(SCOPED, "bound")
          .run(() -> {
            String expected = Engines.confined() ? "bound" : "unbound";
            assertEquals(expected, await(async(() -> SCOPED.orElse("unbound"))));
            assertEquals(
                List.of(expected, expected),
                gather(() -> SCOPED.orElse("unbound"), () -> SCOPED.orElse("unbound")));
            late[0] =
                async(() -> {
                  sleep(ofMillis(5));
                  assertEquals(expected, SCOPED.orElse("unbound"));
                  assertEquals(expected, await(async(() -> SCOPED.orElse("unbound"))));
                });
          });
      assertEquals("unbound", await(async(() -> SCOPED.orElse("unbound"))));
      await(late[0]);
    });
  }

  @Test
  void scopedValues_aChildsOwnBindingEndsWithItsBody() {
    VirtualTime.run(() ->
        ScopedValue.where(SCOPED, "outer")
            .run(() -> {
              Task<?> child =
                  async(() ->
                      ScopedValue.where(SCOPED, "inner")
                          .run(() -> {
                            checkpoint();
                            assertEquals("inner", SCOPED.get());
                            sleep(ofMillis(5));
                            assertEquals("inner", SCOPED.get());
                          }));
              checkpoint();
              assertEquals("outer", SCOPED.get());
              child.await();
              assertEquals("outer", SCOPED.get());
            }));
  }

  @Test
  void scopedValues_reachScopesAndTimeoutsOfTheSameTask() throws Exception {
    VirtualTime.run(() ->
        ScopedValue.where(SCOPED, "bound")
            .call(() -> {
              scope(_ -> {
                assertEquals("bound", SCOPED.get());
              });
              timeout(
                  ofSeconds(1),
                  () -> {
                    checkpoint();
                    assertEquals("bound", SCOPED.get());
                  });
              return "";
            }));
  }

  @Test
  void scopedValues_ofTheThreadThatCalledRunAreNotInTheLoop() {
    ScopedValue.where(SCOPED, "outside")
        .run(() ->
            VirtualTime.run(() -> {
              String seen = SCOPED.orElse("unbound");
              // Not promised either way; but children see what main sees.
              assertEquals(seen, await(async(() -> SCOPED.orElse("unbound"))));
            }));
  }

  // Strangers

  @Test
  void strangers_runBesideTheLoopOnTheJdksScheduler() throws Exception {
    Async.run(() -> {
      CompletableFuture<String> ran = new CompletableFuture<>();
      Thread stranger =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  Thread.sleep(1);
                  ran.complete(Thread.currentThread().toString());
                } catch (InterruptedException e) {
                  ran.completeExceptionally(e);
                }
              });
      // This step never suspends: who depends on the loop's thread gets nowhere meanwhile.
      for (long end = System.nanoTime() + 10_000_000_000L;
          !ran.isDone() && System.nanoTime() < end; ) {
        Thread.onSpinWait();
      }
      assertTrue(ran.isDone(), "the stranger runs while the loop is busy");
      assertTrue(ran.join().contains("ForkJoinPool"), ran.join());
      assertTrue(stranger.join(java.time.Duration.ofSeconds(10)));
    });
  }

  @Test
  void strangers_areNoTasks() throws Exception {
    Async.run(() -> {
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            try {
              checkpoint();
              thrown.complete(null);
            } catch (Throwable e) {
              thrown.complete(e);
            }
          });
      Throwable refused = await(thrown);
      assertTrue(refused instanceof IllegalStateException, () -> "got " + refused);
      assertTrue(refused.getMessage().contains("only inside a task"), refused.getMessage());
    });
  }

  @Test
  void strangers_canParkUnparkAndHandOverToTheirTask() throws Exception {
    Async.run(() -> {
      CompletableFuture<String> toTask = new CompletableFuture<>();
      Thread stranger =
          Thread.ofVirtual()
              .start(() -> {
                LockSupport.park();
                toTask.complete("from the stranger");
              });
      sleep(ofMillis(2));
      LockSupport.unpark(stranger);
      assertEquals("from the stranger", await(toTask));
    });
  }

  @Test
  void strangers_outliveTheLoop() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<String> ended = new CompletableFuture<>();
    Async.run(() -> {
      Thread.ofVirtual()
          .start(() -> {
            try {
              release.await();
              Thread.sleep(1);
              ended.complete("ended");
            } catch (InterruptedException e) {
              ended.completeExceptionally(e);
            }
          });
    });
    release.countDown();
    assertEquals("ended", ended.get(10, TimeUnit.SECONDS));
  }

  @Test
  void strangers_canRunALoopOfTheirOwn() throws Exception {
    Async.run(() -> {
      Loop outer = Loop.current();
      CompletableFuture<Loop> inner = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            try {
              inner.complete(
                  Async.run(() -> {
                    sleep(ofMillis(1));
                    return Loop.current();
                  }));
            } catch (Throwable e) {
              inner.completeExceptionally(e);
            }
          });
      assertNotSame(outer, await(inner));
    });
  }

  @Test
  void strangers_andBlockingWorkSeeNoScopedValueOfTheTaskUnlessTheJdkSaysSo() throws Exception {
    Async.run(() ->
        ScopedValue.where(SCOPED, "bound")
            .call(() -> {
              CompletableFuture<String> seen = new CompletableFuture<>();
              Thread.ofVirtual().start(() -> seen.complete(SCOPED.orElse("unbound")));
              assertEquals("unbound", await(seen));
              assertNull(await(CompletableFuture.completedFuture(null)));
              return "";
            }));
  }
}
